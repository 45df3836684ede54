//! The tree as a commit has it, read object by object as services are asked for.

use std::collections::BTreeMap;

use super::objects::{Mode, Objects, TreeEntry};
use super::{Commit, Error, Repository, os_string};
use crate::repo::disk::read_limit;
use crate::repo::service::{is_configuration, is_yaml};
use crate::repo::{
    EntryKind, Link, RawEntry, RawService, ServiceName, TreeSource, Unread, Wanted, printable,
};

/// Links to links that are followed, as on Linux (`path_resolution(7)`).
const MOST_LINKS: usize = 40;

/// A soa-configs tree in a commit.
#[derive(Debug)]
pub struct CommitTree {
    objects: Objects,
    names: Vec<ServiceName>,
    /// The entries of the root by name.
    root: BTreeMap<Vec<u8>, TreeEntry>,
}

impl CommitTree {
    /// The tree that lies in `commit` where the tree of `repository` lies on disk; without services
    /// if there is no such directory.
    pub fn open(repository: &Repository, commit: &Commit) -> Result<Self, Error> {
        let objects = Objects::of(repository)?;
        let mut directory = root_of(&objects, commit);
        for step in repository.prefix.split(|byte| *byte == b'/').filter(|step| !step.is_empty()) {
            directory = directory.and_then(|directory| {
                let entry = objects.tree(&directory).into_iter().find(|entry| entry.name == step)?;
                (entry.mode == Mode::Directory).then_some(entry.object)
            });
        }
        let entries = directory.map(|directory| objects.tree(&directory)).unwrap_or_default();
        let root = entries.into_iter().map(|entry| (entry.name.clone(), entry)).collect();
        let mut tree = Self { objects, names: Vec::new(), root };
        let is_service = |entry: &&TreeEntry| match entry.mode {
            _ if entry.name.starts_with(b".") => false,
            Mode::Directory => true,
            Mode::Link => matches!(tree.follow(&[], entry), Target::Directory(_)),
            Mode::File | Mode::Submodule => false,
        };
        let services = tree.root.values().filter(is_service);
        let mut names: Vec<ServiceName> =
            services.map(|entry| ServiceName::new(os_string(entry.name.clone()))).collect();
        names.sort();
        tree.names = names;
        match tree.objects.failure() {
            Some(reason) => Err(Error::Failed(reason)),
            None => Ok(tree),
        }
    }

    /// Why not everything could be read: what was read is then of no value.
    pub fn failure(&self) -> Option<Error> {
        self.objects.failure().map(Error::Failed)
    }

    /// The entries of a service.
    fn entries(&self, name: &ServiceName) -> Option<(Vec<Vec<u8>>, Vec<TreeEntry>)> {
        let raw = super::bytes_of(&name.raw);
        let entry = self.root.get(&raw)?;
        match entry.mode {
            Mode::Directory => Some((vec![raw], self.objects.tree(&entry.object))),
            Mode::Link => match self.follow(&[], entry) {
                Target::Directory(path) => {
                    let entries = self.directory(&path)?;
                    Some((path, entries))
                }
                _ => None,
            },
            Mode::File | Mode::Submodule => None,
        }
    }

    fn entry(&self, directory: &[Vec<u8>], entry: &TreeEntry, wanted: &Wanted) -> RawEntry {
        let name = printable(&os_string(entry.name.clone()));
        let (kind, object) = match entry.mode {
            Mode::File => (EntryKind::File, Some(entry.object.clone())),
            Mode::Directory | Mode::Submodule => (EntryKind::Directory, None),
            Mode::Link => match self.follow(directory, entry) {
                Target::File(object) => (EntryKind::Link(Link::File), Some(object)),
                Target::Directory(_) => (EntryKind::Link(Link::Directory), None),
                Target::Nothing => (EntryKind::Link(Link::Dangling), None),
                Target::Outside => (EntryKind::Link(Link::Escapes), None),
            },
        };
        let content = (is_yaml(&name) && wanted.includes(&name)).then(|| match object {
            Some(object) => self.blob(&object),
            None => Err(kind.unread().unwrap_or(Unread::Directory)),
        });
        let looks_inside = entry.mode == Mode::Directory && *wanted == Wanted::Everything;
        let inside = (looks_inside && !name.starts_with('.')).then(|| self.first_configuration(entry));
        RawEntry { name, kind, inside: inside.flatten(), content }
    }

    /// The first file of a directory that PaaSTA would read in the directory of a service.
    fn first_configuration(&self, directory: &TreeEntry) -> Option<String> {
        let files = self.objects.tree(&directory.object).into_iter();
        let files = files.filter(|entry| entry.mode == Mode::File);
        let names = files.map(|entry| printable(&os_string(entry.name)));
        names.filter(|name| is_configuration(name)).min()
    }

    fn blob(&self, object: &str) -> Result<Vec<u8>, Unread> {
        let object = self.objects.get(object, read_limit());
        object.map(|object| object.bytes).ok_or_else(|| Unread::MissingObject)
    }

    /// Where a link in `directory` (steps from the root) leads to.
    fn follow(&self, directory: &[Vec<u8>], link: &TreeEntry) -> Target {
        let mut path = directory.to_vec();
        let Some(mut todo) = self.steps_of(link) else { return Target::Outside };
        let mut links = 1;
        // The steps in front are at the end.
        todo.reverse();
        let mut file = None;
        while let Some(step) = todo.pop() {
            if step == b"." || step.is_empty() {
                continue;
            }
            if file.is_some() {
                return Target::Nothing;
            }
            if step == b".." {
                if path.pop().is_none() {
                    return Target::Outside;
                }
                continue;
            }
            let entries = self.directory(&path);
            let Some(entry) = entries.into_iter().flatten().find(|entry| entry.name == step) else {
                return Target::Nothing;
            };
            match entry.mode {
                Mode::Directory => path.push(step),
                Mode::File => file = Some(entry.object),
                Mode::Submodule => return Target::Nothing,
                Mode::Link => {
                    links += 1;
                    let steps = self.steps_of(&entry).filter(|_| links <= MOST_LINKS);
                    let Some(steps) = steps else { return Target::Outside };
                    todo.extend(steps.into_iter().rev());
                }
            }
        }
        file.map_or(Target::Directory(path), Target::File)
    }

    /// The steps of a relative link.
    fn steps_of(&self, link: &TreeEntry) -> Option<Vec<Vec<u8>>> {
        // Longer than any path that a system takes (PATH_MAX of Linux).
        let target = self.objects.get(&link.object, 4096)?.bytes;
        let is_relative = !target.starts_with(b"/");
        is_relative.then(|| target.split(|byte| *byte == b'/').map(<[u8]>::to_vec).collect())
    }

    /// The entries of the directory at `path`, whose steps are all directories.
    fn directory(&self, path: &[Vec<u8>]) -> Option<Vec<TreeEntry>> {
        let Some((first, rest)) = path.split_first() else {
            return Some(self.root.values().cloned().collect());
        };
        let mut entries = self.objects.tree(&self.root.get(first)?.object);
        for step in rest {
            let entry = entries.into_iter().find(|entry| entry.name == *step)?;
            entries = self.objects.tree(&entry.object);
        }
        Some(entries)
    }
}

/// What a link leads to.
enum Target {
    File(String),
    Directory(Vec<Vec<u8>>),
    Nothing,
    Outside,
}

/// The object of the root directory of `commit`.
fn root_of(objects: &Objects, commit: &Commit) -> Option<String> {
    // The first line of a commit names its tree.
    let text = objects.get(commit.name(), 4096)?.bytes;
    let line = text.split(|byte| *byte == b'\n').next()?;
    let name = line.strip_prefix(b"tree ")?;
    Some(String::from_utf8_lossy(name).into_owned())
}

impl TreeSource for CommitTree {
    fn service_names(&self) -> &[ServiceName] {
        &self.names
    }

    fn load(&self, name: &ServiceName, wanted: &Wanted) -> RawService {
        let (directory, entries) = self.entries(name).unwrap_or_default();
        let entries = entries.iter().map(|entry| self.entry(&directory, entry, wanted)).collect();
        RawService { name: name.text.clone(), entries, error: None }
    }

    fn read(&self, name: &ServiceName, file: &str) -> Option<Result<Vec<u8>, Unread>> {
        let (directory, entries) = self.entries(name)?;
        let entry = entries.into_iter().find(|entry| entry.name == file.as_bytes())?;
        match entry.mode {
            Mode::File => Some(self.blob(&entry.object)),
            Mode::Directory | Mode::Submodule => Some(Err(Unread::Directory)),
            Mode::Link => match self.follow(&directory, &entry) {
                Target::File(object) => Some(self.blob(&object)),
                Target::Nothing => None,
                Target::Directory(_) | Target::Outside => Some(Err(Unread::LeavesTree)),
            },
        }
    }
}
