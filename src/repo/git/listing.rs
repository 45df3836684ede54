//! What stands where: the nested listing of a commit, read directory by directory as it is asked for, or
//! of the index.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::objects::{Mode, Objects};
use super::os_string;
use crate::repo::{is_configuration, printable};

/// Name of an entry, as git has it.
pub(super) type Name = Vec<u8>;

/// The steps from the root of the repository to an entry.
pub(super) type Steps = Vec<Name>;

/// The entries of a directory.
pub(super) type Entries = BTreeMap<Name, Node>;

/// Directories in one another that are listed; nothing reads a tree so deep, and what is nested has to be
/// taken apart again.
const MOST_STEPS: usize = 200;

/// An entry.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// A regular file, by its object.
    File(String),
    /// A symbolic link, by its object.
    Link(String),
    /// A commit of another repository.
    Submodule,
    Directory(Directory),
}

/// A directory.
#[derive(Clone, Debug)]
pub(super) enum Directory {
    /// By its object, which nobody has looked into yet.
    Object(String),
    Listed(Arc<Entries>),
}

impl Default for Directory {
    fn default() -> Self {
        Directory::Listed(Arc::default())
    }
}

impl Node {
    pub(super) fn new(mode: Mode, object: String) -> Self {
        match mode {
            Mode::File => Node::File(object),
            Mode::Link => Node::Link(object),
            Mode::Submodule => Node::Submodule,
            Mode::Directory => Node::Directory(Directory::Object(object)),
        }
    }
}

/// Adds an entry with the directories that it lies in.
pub(super) fn insert(entries: &mut Entries, path: &[u8], node: Node) {
    let mut steps = path.split(|byte| *byte == b'/');
    let Some(name) = steps.next_back() else { return };
    let mut at = entries;
    for (depth, step) in steps.enumerate() {
        let inner = at.entry(step.to_vec()).or_insert_with(|| Node::Directory(Directory::default()));
        // git has no entry below another that is not a directory.
        let Node::Directory(Directory::Listed(listed)) = inner else { return };
        if depth > MOST_STEPS {
            return;
        }
        at = Arc::make_mut(listed);
    }
    at.insert(name.to_vec(), node);
}

/// The listing of a whole repository, or of a part of it, from the root of the repository.
#[derive(Debug)]
pub(super) struct Listing {
    objects: Objects,
    root: Directory,
    /// Directories that were read.
    read: Mutex<HashMap<String, Arc<Entries>>>,
    /// Where links lead to, by their objects.
    targets: Mutex<HashMap<String, LinkTarget>>,
}

/// Where a link leads to.
#[derive(Clone, Debug)]
pub(super) enum LinkTarget {
    Path(Vec<u8>),
    /// No system would make such a link.
    Impossible,
    /// The repository does not have the object.
    Missing,
}

/// Longer than any path that a system takes (`PATH_MAX` of Linux).
const MOST_TARGET_BYTES: usize = 4096;

impl Listing {
    pub(super) fn new(objects: Objects, root: Directory) -> Self {
        Self { objects, root, read: Mutex::default(), targets: Mutex::default() }
    }

    pub(super) fn objects(&self) -> &Objects {
        &self.objects
    }

    /// The entries of a directory.
    pub(super) fn entries(&self, directory: &Directory) -> Arc<Entries> {
        let object = match directory {
            Directory::Listed(entries) => return Arc::clone(entries),
            Directory::Object(object) => object,
        };
        if let Some(read) = self.read.lock().unwrap_or_else(PoisonError::into_inner).get(object) {
            return Arc::clone(read);
        }
        let entries = self.objects.tree(object).into_iter();
        let entries: Entries =
            entries.map(|entry| (entry.name, Node::new(entry.mode, entry.object))).collect();
        let entries = Arc::new(entries);
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.insert(object.clone(), Arc::clone(&entries));
        entries
    }

    /// The entries of the directory at `steps`, if there is one.
    pub(super) fn directory<'s>(&self, steps: impl IntoIterator<Item = &'s Name>) -> Option<Arc<Entries>> {
        let mut entries = self.entries(&self.root);
        for step in steps {
            let Node::Directory(inner) = entries.get(step)? else { return None };
            entries = self.entries(&inner.clone());
        }
        Some(entries)
    }

    /// What stands at `steps`.
    pub(super) fn node(&self, steps: &[Name]) -> Option<Node> {
        match steps.split_last() {
            Some((name, parents)) => self.directory(parents)?.get(name).cloned(),
            None => Some(Node::Directory(self.root.clone())),
        }
    }

    /// Where a link leads to.
    pub(super) fn target(&self, link: &str) -> LinkTarget {
        let known = self.targets.lock().unwrap_or_else(PoisonError::into_inner).get(link).cloned();
        known.unwrap_or_else(|| {
            let is_path = |target: &Vec<u8>| {
                !target.is_empty() && target.len() < MOST_TARGET_BYTES && !target.contains(&0)
            };
            let target = match self.objects.get(link, MOST_TARGET_BYTES) {
                Some(target) if is_path(&target) => LinkTarget::Path(target),
                Some(_) => LinkTarget::Impossible,
                None => LinkTarget::Missing,
            };
            let mut targets = self.targets.lock().unwrap_or_else(PoisonError::into_inner);
            targets.insert(link.to_owned(), target.clone());
            target
        })
    }
}

/// The first file of a directory that PaaSTA would read in the directory of a service.
pub(super) fn first_configuration(directory: &Entries) -> Option<String> {
    let files = directory.iter().filter(|(_, node)| matches!(node, Node::File(_)));
    let names = files.map(|(name, _)| printable(&os_string(name.clone())));
    names.filter(|name| is_configuration(name)).min()
}
