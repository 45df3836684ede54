//! A tree in a commit or in the index, whatever the working tree says.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use sha1::{Digest as _, Sha1};

use super::listing::{Directory, Entries, Listing, Name, Node, Steps, first_configuration};
use super::objects::Objects;
use super::resolve::{Blob, Bounds, Found, Lookup, Target, resolve};
use super::{Commit, Error, Repository, bytes_of, os_string};
use crate::repo::disk::{DiskTree, read_limit};
use crate::repo::{
    EntryKind, RawEntry, RawService, ServiceName, TreeSource, Unread, Wanted, is_configuration, is_yaml,
    printable,
};

/// A soa-configs tree in a repository.
#[derive(Debug)]
pub struct GitTree<'d> {
    repository: Repository,
    listing: Listing,
    /// All of the index, where `listing` is only the part of it that lies below the root of the tree: wanted
    /// if a link leads out of the tree.
    whole: Option<OnceLock<Result<Listing, Error>>>,
    bounds: Bounds,
    /// The entries of the root.
    entries: Arc<Entries>,
    services: Vec<ServiceName>,
    stray_files: Vec<String>,
    /// The working tree: what has the same content there is read from there, which is cheaper.
    disk: Option<&'d DiskTree>,
}

impl<'d> GitTree<'d> {
    /// The tree that lies in `commit` where that of `repository` lies on disk; without services if there is
    /// no such directory.
    pub fn of_commit(repository: &Repository, commit: &Commit) -> Result<Self, Error> {
        let objects = Objects::of(repository);
        // The first line of a commit names its tree; what comes before the first commit is one.
        let text = objects.get(commit.name(), 4096).unwrap_or_default();
        let line = text.split(|byte| *byte == b'\n').next().and_then(|line| line.strip_prefix(b"tree "));
        let root = line.map_or_else(|| commit.name().into(), String::from_utf8_lossy).into_owned();
        Self::new(repository, Listing::new(objects, Directory::Object(root)), None, None)
    }

    /// The tree in the index, by what is listed of it.
    pub(super) fn of_index(
        repository: &Repository,
        entries: Entries,
        disk: &'d DiskTree,
    ) -> Result<Self, Error> {
        let listing = Listing::new(Objects::of(repository), Directory::Listed(Arc::new(entries)));
        let whole = (!repository.prefix().is_empty()).then(OnceLock::new);
        Self::new(repository, listing, whole, Some(disk))
    }

    fn new(
        repository: &Repository,
        listing: Listing,
        whole: Option<OnceLock<Result<Listing, Error>>>,
        disk: Option<&'d DiskTree>,
    ) -> Result<Self, Error> {
        let mut tree = Self {
            repository: repository.clone(),
            listing,
            whole,
            bounds: Bounds::of(repository),
            entries: Arc::default(),
            services: Vec::new(),
            stray_files: Vec::new(),
            disk,
        };
        let entries = tree.listing.directory(&tree.bounds.root).unwrap_or_default();
        tree.entries = Arc::clone(&entries);
        for (name, node) in entries.iter().filter(|(name, _)| !name.starts_with(b".")) {
            tree.add(name, node);
        }
        tree.services.sort();
        tree.stray_files.sort();
        match tree.failure() {
            Some(reason) => Err(reason),
            None => Ok(tree),
        }
    }

    /// Adds an entry of the root, as [`DiskTree`] does.
    fn add(&mut self, name: &Name, node: &Node) {
        let raw = os_string(name.clone());
        let text = printable(&raw);
        let is_service = match node {
            Node::Directory(_) | Node::Submodule => true,
            Node::File(_) => false,
            Node::Link(_) => self.bounds.is_service(&self.follow(&self.bounds.root, name), &text),
        };
        if is_service {
            self.services.push(ServiceName::new(raw));
        } else if is_configuration(&text) {
            self.stray_files.push(text);
        }
    }

    /// Why not everything could be read: what was read is then of no value.
    pub fn failure(&self) -> Option<Error> {
        let whole = self.whole.as_ref().and_then(OnceLock::get);
        let of_whole = whole.and_then(|whole| match whole {
            Ok(listing) => listing.objects().failure(),
            Err(error) => Some(error.clone()),
        });
        self.listing.objects().failure().or(of_whole)
    }

    /// At most `limit` bytes of a file that is no service's, by its path from the root of the tree; `None` if
    /// there is no such entry.
    pub fn read_beside(&self, path: &Path, limit: usize) -> Option<Result<Vec<u8>, Unread>> {
        let path = bytes_of(path.as_os_str());
        let (parents, name) = match path.iter().rposition(|byte| *byte == b'/') {
            Some(slash) => (path.get(..slash)?, path.get(slash + 1..)?),
            None => (&[][..], path.as_slice()),
        };
        let Target::Directory(directory) = resolve(self, &self.bounds.root, parents) else { return None };
        self.listing.directory(&directory)?.get(name)?;
        Some(match self.blob(self.follow(&directory, name)) {
            Ok(object) => self.object(&object, limit),
            Err(reason) => Err(reason),
        })
    }

    /// What an entry of a directory is in the end.
    fn follow(&self, directory: &[Name], name: &[u8]) -> Target {
        resolve(self, directory, name)
    }

    /// The object of a file of the tree, or why there is none.
    fn blob(&self, target: Target) -> Result<String, Unread> {
        match (self.bounds.unread_file(&target), target) {
            (None, Target::File(_, Blob::Object(object))) => Ok(object),
            (reason, _) => Err(reason.unwrap_or(Unread::Special)),
        }
    }

    fn object(&self, object: &str, limit: usize) -> Result<Vec<u8>, Unread> {
        self.listing.objects().get(object, limit).ok_or(Unread::MissingObject)
    }

    /// Where the directory of a service really is, and its entries; or why it is not read.
    fn service(&self, name: &ServiceName) -> Result<(Steps, Arc<Entries>), Unread> {
        let raw = bytes_of(&name.raw);
        if let Some(Node::Directory(directory)) = self.entries.get(&raw) {
            let steps = [self.bounds.root.as_slice(), &[raw]].concat();
            return Ok((steps, self.listing.entries(directory)));
        }
        let target = self.follow(&self.bounds.root, &raw);
        let steps = self.bounds.directory(&target)?;
        Ok((steps.clone(), self.listing.directory(steps).unwrap_or_default()))
    }

    /// An entry of a service, and the object of its content if that is wanted.
    fn entry(&self, directory: &[Name], name: &Name, node: &Node, wanted: &Wanted) -> Listed {
        let text = printable(&os_string(name.clone()));
        let is_wanted = is_yaml(&text) && wanted.includes(&text);
        let (kind, blob) = match node {
            Node::File(object) => (EntryKind::File, Ok(object.clone())),
            Node::Directory(_) => (EntryKind::Directory, Err(Unread::Directory)),
            Node::Submodule => (EntryKind::Directory, Err(Unread::Submodule)),
            Node::Link(_) => {
                let target = self.follow(directory, name);
                (EntryKind::Link(self.bounds.link(&target)), self.blob(target))
            }
        };
        let inside = match node {
            Node::Directory(inner) if *wanted == Wanted::Everything && !text.starts_with('.') => {
                first_configuration(&self.listing.entries(inner))
            }
            _ => None,
        };
        let entry = RawEntry { name: text, kind, inside, unlisted: None, content: None };
        Listed { entry, blob: is_wanted.then_some(blob) }
    }

    /// What the working tree has of the wanted files, by name.
    fn on_disk(&self, name: &ServiceName, wanted: &Wanted) -> BTreeMap<String, Vec<u8>> {
        let Some(disk) = self.disk.filter(|_| *wanted != Wanted::Nothing) else { return BTreeMap::new() };
        let read = |entry: RawEntry| Some((entry.name, entry.content?.ok()?));
        disk.load(name, wanted).entries.into_iter().filter_map(read).collect()
    }
}

/// An entry whose content is still to be read.
struct Listed {
    entry: RawEntry,
    blob: Option<Result<String, Unread>>,
}

/// Whether these are the bytes of an object: its name is a hash of them. Where git has another hash than
/// SHA-1, nobody knows.
fn is_content_of(object: &str, bytes: &[u8]) -> bool {
    use std::fmt::Write as _;
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", bytes.len()));
    hash.update(bytes);
    let mut name = String::with_capacity(40);
    for byte in hash.finalize() {
        // Writing to a string cannot fail.
        let _ = write!(name, "{byte:02x}");
    }
    name == object
}

impl Lookup for GitTree<'_> {
    fn look(&self, path: &[Name]) -> Found {
        let listing = match &self.whole {
            // A way out of the tree, and perhaps back.
            Some(whole) if !path.starts_with(&self.bounds.root) && !self.bounds.root.starts_with(path) => {
                whole.get_or_init(|| self.repository.whole_index())
            }
            _ => return self.listing.look(path),
        };
        listing.as_ref().map_or(Found::Nothing, |listing| listing.look(path))
    }
}

impl TreeSource for GitTree<'_> {
    fn service_names(&self) -> &[ServiceName] {
        &self.services
    }

    fn stray_files(&self) -> &[String] {
        &self.stray_files
    }

    fn load(&self, name: &ServiceName, wanted: &Wanted) -> RawService {
        let (directory, entries) = match self.service(name) {
            Ok(found) => found,
            Err(reason) => {
                return RawService { name: name.text.clone(), entries: Vec::new(), error: Some(reason) };
            }
        };
        // Where one file is all that is wanted, the others need not be looked at.
        let only = wanted.only_file().and_then(|file| entries.get_key_value(file.as_bytes()));
        let mut listed: Vec<Listed> = match only {
            Some((entry, node)) => vec![self.entry(&directory, entry, node, wanted)],
            None => entries.iter().map(|(entry, node)| self.entry(&directory, entry, node, wanted)).collect(),
        };
        let mut on_disk = self.on_disk(name, wanted);
        let mut missing = Vec::new();
        for (index, Listed { entry, blob }) in listed.iter_mut().enumerate() {
            entry.content = match blob.take() {
                Some(Ok(object)) => match on_disk.remove(&entry.name) {
                    Some(bytes) if is_content_of(&object, &bytes) => Some(Ok(bytes)),
                    _ => {
                        missing.push((index, object));
                        None
                    }
                },
                Some(Err(reason)) => Some(Err(reason)),
                None => None,
            };
        }
        let objects: Vec<&str> = missing.iter().map(|(_, object)| object.as_str()).collect();
        let read = self.listing.objects().get_all(&objects, read_limit());
        for ((index, _), bytes) in missing.iter().zip(read) {
            if let Some(Listed { entry, .. }) = listed.get_mut(*index) {
                entry.content = Some(bytes.ok_or(Unread::MissingObject));
            }
        }
        let entries = listed.into_iter().map(|listed| listed.entry).collect();
        RawService { name: name.text.clone(), entries, error: None }
    }

    fn read(&self, name: &ServiceName, file: &str) -> Option<Result<Vec<u8>, Unread>> {
        let (directory, entries) = match self.service(name) {
            Ok(found) => found,
            Err(reason) => return Some(Err(reason)),
        };
        entries.get(file.as_bytes())?;
        let object = self.blob(self.follow(&directory, file.as_bytes()));
        Some(object.and_then(|object| self.object(&object, read_limit())))
    }
}
