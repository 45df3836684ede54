//! The tree on disk, completed by what the index has of it and a sparse checkout leaves out, so that it is
//! whole: whoever lists one service only means the others to be there.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use super::listing::{Listing, Name, Node, first_configuration};
use super::resolve::{Blob, Bounds, Found, Lookup, Target, resolve};
use super::{Error, Repository, bytes_of, os_string};
use crate::repo::disk::{DiskTree, read_limit};
use crate::repo::{
    EntryKind, FileId, Link, RawEntry, RawService, ServiceName, TreeSource, Unread, Wanted, is_configuration,
    is_yaml, printable,
};

/// The tree on disk, whole.
#[derive(Debug)]
pub struct WorkingTree {
    disk: DiskTree,
    left_out: Option<LeftOut>,
}

/// What is in the index only.
#[derive(Debug)]
struct LeftOut {
    top: PathBuf,
    bounds: Bounds,
    listing: Listing,
    /// All services, those on disk among them.
    services: Vec<ServiceName>,
    stray_files: Vec<String>,
}

impl WorkingTree {
    /// `disk`, with what it lacks.
    ///
    /// # Errors
    /// Something may be left out, and git does not say what.
    pub fn new(disk: DiskTree) -> Result<Self, Error> {
        let Some((repository, listing)) = Repository::left_out(disk.root())? else {
            return Ok(Self { disk, left_out: None });
        };
        let bounds = Bounds::of(&repository);
        let top = repository.top().to_owned();
        let mut left_out = LeftOut { top, bounds, listing, services: Vec::new(), stray_files: Vec::new() };
        let mut services: BTreeSet<ServiceName> = disk.service_names().iter().cloned().collect();
        let mut stray_files: BTreeSet<String> = disk.stray_files().iter().cloned().collect();
        let entries = left_out.listing.directory(&left_out.bounds.root).unwrap_or_default();
        // A link on disk may lead to what is only in the index.
        let on_disk = std::fs::read_dir(disk.root()).into_iter().flatten().flatten();
        let links = on_disk.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_symlink()));
        let links: Vec<Name> = links.map(|entry| bytes_of(&entry.file_name())).collect();
        for name in entries.keys().chain(&links).filter(|name| !name.starts_with(b".")) {
            let service = ServiceName::new(os_string(name.clone()));
            let is_service =
                left_out.bounds.is_service(&left_out.follow(&left_out.bounds.root, name), &service.text);
            services.remove(&service);
            stray_files.remove(&service.text);
            if is_service {
                services.insert(service);
            } else if is_configuration(&service.text) {
                stray_files.insert(service.text);
            }
        }
        left_out.services = services.into_iter().collect();
        left_out.stray_files = stray_files.into_iter().collect();
        Ok(Self { disk, left_out: Some(left_out) })
    }

    /// Why not everything could be read: what was read is then of no value.
    pub fn failure(&self) -> Option<Error> {
        self.left_out.as_ref()?.listing.objects().failure()
    }

    /// At most `limit` bytes of a file that is no service's and that the working tree lacks, by its path
    /// from the root of the tree.
    pub fn read_left_out(&self, path: &Path, limit: usize) -> Option<Result<Vec<u8>, Unread>> {
        let left_out = self.left_out.as_ref()?;
        match left_out.follow(&left_out.bounds.root, &bytes_of(path.as_os_str())) {
            Target::File(_, Blob::Object(object)) => Some(left_out.object(&object, limit)),
            _ => None,
        }
    }

    /// The content of a file of the tree, or why it is not read.
    fn content(&self, left_out: &LeftOut, target: &Target) -> Result<Vec<u8>, Unread> {
        match (left_out.bounds.unread_file(target), target) {
            (Some(reason), _) => Err(reason),
            (None, Target::File(_, Blob::Object(object))) => left_out.object(object, read_limit()),
            (None, Target::File(steps, Blob::Disk)) => {
                let (file, directory) = steps.split_last().ok_or(Unread::Special)?;
                let directory = left_out.name_of(directory);
                let file = printable(&os_string(file.clone()));
                self.disk.read(&directory, &file).unwrap_or(Err(Unread::Dangling))
            }
            (None, _) => Err(Unread::Special),
        }
    }

    /// The directory of a service as it is on disk, by where it really is.
    fn load_from_disk(
        &self,
        left_out: &LeftOut,
        steps: &[Name],
        name: &ServiceName,
        wanted: &Wanted,
    ) -> RawService {
        let path = left_out.path(steps);
        if path.is_dir() {
            let loaded = self.disk.load(&left_out.name_of(steps), wanted);
            return RawService { name: name.text.clone(), ..loaded };
        }
        RawService { name: name.text.clone(), entries: Vec::new(), error: None }
    }

    fn complete(&self, left_out: &LeftOut, steps: &[Name], wanted: &Wanted, entries: &mut Vec<RawEntry>) {
        let is_wanted = |name: &str| is_yaml(name) && wanted.includes(name);
        for entry in entries.iter_mut().filter(|entry| entry.kind == EntryKind::Link(Link::Dangling)) {
            let target = left_out.follow(steps, entry.name.as_bytes());
            entry.kind = EntryKind::Link(left_out.bounds.link(&target));
            entry.content = is_wanted(&entry.name).then(|| self.content(left_out, &target));
        }
        let listed = left_out.listing.directory(steps).unwrap_or_default();
        for (name, node) in listed.iter() {
            let text = printable(&os_string(name.clone()));
            let inside = match node {
                Node::Directory(inner) if *wanted == Wanted::Everything && !text.starts_with('.') => {
                    first_configuration(&left_out.listing.entries(inner))
                }
                _ => None,
            };
            if let Some(entry) = entries.iter_mut().find(|entry| entry.name == text) {
                entry.inside = entry.inside.take().into_iter().chain(inside).min();
                continue;
            }
            let target = left_out.follow(steps, name);
            let kind = match node {
                Node::File(_) => EntryKind::File,
                Node::Directory(_) | Node::Submodule => EntryKind::Directory,
                Node::Link(_) => EntryKind::Link(left_out.bounds.link(&target)),
            };
            let content = is_wanted(&text).then(|| self.content(left_out, &target));
            entries.push(RawEntry { name: text, kind, inside, unlisted: None, content });
        }
    }
}

impl LeftOut {
    fn follow(&self, directory: &[Name], path: &[u8]) -> Target {
        resolve(self, directory, path)
    }

    fn object(&self, object: &str, limit: usize) -> Result<Vec<u8>, Unread> {
        self.listing.objects().get(object, limit).ok_or(Unread::MissingObject)
    }

    fn path(&self, steps: &[Name]) -> PathBuf {
        place(&self.top, steps)
    }

    /// A directory of the tree as its disk knows it: any path from the root is as good as a service's name.
    fn name_of(&self, steps: &[Name]) -> ServiceName {
        let below = steps.get(self.bounds.root.len()..).unwrap_or_default();
        ServiceName::new(os_string(if below.is_empty() { b".".to_vec() } else { below.join(&b'/') }))
    }
}

impl Lookup for LeftOut {
    fn look(&self, path: &[Name]) -> Found {
        // A submodule without its files is an empty directory on disk.
        if let Some(Node::Submodule) = self.listing.node(path) {
            return Found::Submodule;
        }
        look_on_disk(&self.path(path)).unwrap_or_else(|| self.listing.look(path))
    }
}

/// What is on disk, if there is anything.
fn look_on_disk(path: &Path) -> Option<Found> {
    let kind = path.symlink_metadata().ok()?.file_type();
    Some(if kind.is_dir() {
        Found::Directory
    } else if kind.is_symlink() {
        std::fs::read_link(path).map_or(Found::Nothing, |to| Found::Link(bytes_of(to.as_os_str())))
    } else if kind.is_file() {
        Found::File(Blob::Disk)
    } else {
        Found::Nothing
    })
}

/// The working tree of the repository at `top`, for whoever follows links.
pub(super) struct OnDisk<'t> {
    pub(super) top: &'t Path,
    pub(super) tree: &'t WorkingTree,
}

impl Lookup for OnDisk<'_> {
    fn look(&self, path: &[Name]) -> Found {
        match &self.tree.left_out {
            Some(left_out) => left_out.look(path),
            None => look_on_disk(&place(self.top, path)).unwrap_or(Found::Nothing),
        }
    }
}

fn place(top: &Path, steps: &[Name]) -> PathBuf {
    let mut path = top.to_owned();
    path.extend(steps.iter().map(|step| os_string(step.clone())));
    path
}

impl Deref for WorkingTree {
    type Target = DiskTree;

    fn deref(&self) -> &DiskTree {
        &self.disk
    }
}

impl TreeSource for WorkingTree {
    fn service_names(&self) -> &[ServiceName] {
        self.left_out.as_ref().map_or_else(|| self.disk.service_names(), |left_out| &left_out.services)
    }

    fn stray_files(&self) -> &[String] {
        self.left_out.as_ref().map_or_else(|| self.disk.stray_files(), |left_out| &left_out.stray_files)
    }

    fn load(&self, name: &ServiceName, wanted: &Wanted) -> RawService {
        let Some(left_out) = &self.left_out else { return self.disk.load(name, wanted) };
        let target = left_out.follow(&left_out.bounds.root, &bytes_of(&name.raw));
        match left_out.bounds.directory(&target) {
            Ok(steps) => {
                let mut service = self.load_from_disk(left_out, steps, name, wanted);
                if service.error.is_none() {
                    self.complete(left_out, steps, wanted, &mut service.entries);
                }
                service
            }
            Err(reason) => RawService { name: name.text.clone(), entries: Vec::new(), error: Some(reason) },
        }
    }

    fn read(&self, name: &ServiceName, file: &str) -> Option<Result<Vec<u8>, Unread>> {
        let read = self.disk.read(name, file);
        let Some(left_out) = self.left_out.as_ref().filter(|_| !matches!(read, Some(Ok(_)))) else {
            return read;
        };
        let path = [&bytes_of(&name.raw)[..], b"/", file.as_bytes()].concat();
        match left_out.follow(&left_out.bounds.root, &path) {
            Target::Nothing => read,
            target => Some(self.content(left_out, &target)),
        }
    }

    fn real_service(&self, name: &ServiceName) -> String {
        self.disk.real_service(name)
    }

    fn real_file(&self, name: &ServiceName, file: &str) -> Option<FileId> {
        self.disk.real_file(name, file)
    }
}
