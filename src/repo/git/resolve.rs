//! Where links lead to, step by step as Linux takes them (`path_resolution(7)`), in a listing, on disk, or
//! in both.

use std::cell::RefCell;
use std::path::PathBuf;

use super::listing::{LinkTarget, Listing, Name, Node, Steps};
use super::{Repository, os_string};
use crate::repo::{EntryKind, Link, Unread};

/// Links to links that are followed (`MAXSYMLINKS` of Linux).
const MOST_LINKS: usize = 40;

/// What stands at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    File(Blob),
    Directory,
    /// A symbolic link with its target.
    Link(Vec<u8>),
    Submodule,
    /// A symbolic link of which the repository lacks the object.
    UnknownLink,
    /// Nothing, or nothing that leads anywhere.
    Nothing,
}

/// The content of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Blob {
    /// In the object of that name.
    Object(String),
    /// In the working tree, at the place itself.
    Disk,
}

/// Tells what stands where; a path is made of the steps from the root of the repository, of which all but
/// the last are known to be directories.
pub(super) trait Lookup {
    fn look(&self, path: &[Name]) -> Found;
}

impl Lookup for Listing {
    fn look(&self, path: &[Name]) -> Found {
        match self.node(path) {
            Some(Node::File(object)) => Found::File(Blob::Object(object)),
            Some(Node::Directory(_)) => Found::Directory,
            Some(Node::Link(object)) => match self.target(&object) {
                LinkTarget::Path(path) => Found::Link(path),
                LinkTarget::Impossible => Found::Nothing,
                LinkTarget::Missing => Found::UnknownLink,
            },
            Some(Node::Submodule) => Found::Submodule,
            None => Found::Nothing,
        }
    }
}

/// What a path leads to once all links are followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    File(Steps, Blob),
    Directory(Steps),
    Nothing,
    /// Into another repository that this one only names.
    Submodule,
    /// Through a link of which the repository lacks the object.
    Unknown,
    /// Out of the repository: the path, absolute or relative to the root of the repository.
    Outside(PathBuf),
}

/// Follows `path` (relative to the directory at `start`) to its end.
pub(super) fn resolve(tree: &dyn Lookup, start: &[Name], path: &[u8]) -> Target {
    let mut at: Steps = start.to_vec();
    // What is left to go: the next step is at the end.
    let mut todo: Steps = Vec::new();
    let mut links = 0;
    let mut file: Option<Blob> = None;
    let mut next = Some(path.to_vec());
    loop {
        if let Some(path) = next.take() {
            if path.starts_with(b"/") {
                return Target::Outside(outside(&path, &todo));
            }
            todo.extend(path.split(|byte| *byte == b'/').rev().map(<[u8]>::to_vec));
        }
        let Some(step) = todo.pop() else { break };
        if file.is_some() {
            // Not even `.` is in a file.
            return Target::Nothing;
        }
        match step.as_slice() {
            b"" | b"." => continue,
            b".." => {
                if at.pop().is_none() {
                    return Target::Outside(outside(b"..", &todo));
                }
                continue;
            }
            _ => at.push(step),
        }
        match tree.look(&at) {
            Found::Directory => {}
            Found::File(blob) => file = Some(blob),
            Found::Nothing => return Target::Nothing,
            Found::Submodule => return Target::Submodule,
            Found::UnknownLink => return Target::Unknown,
            Found::Link(target) => {
                links += 1;
                if links > MOST_LINKS {
                    return Target::Nothing;
                }
                at.pop();
                next = Some(target);
            }
        }
    }
    match file {
        Some(blob) => Target::File(at, blob),
        None => Target::Directory(at),
    }
}

/// The way out of the repository, with what is left to go.
fn outside(first: &[u8], todo: &[Name]) -> PathBuf {
    let mut path = PathBuf::from(os_string(first.to_vec()));
    path.extend(todo.iter().rev().map(|step| PathBuf::from(os_string(step.clone()))));
    path
}

/// The tree within its repository: what links may lead to, and what it means that they do not.
#[derive(Debug)]
pub(super) struct Bounds {
    top: PathBuf,
    /// The root of the tree.
    pub(super) root: Steps,
}

impl Bounds {
    pub(super) fn of(repository: &Repository) -> Self {
        Self { top: repository.top().to_owned(), root: repository.root() }
    }

    /// What a link is that leads there.
    pub(super) fn link(&self, target: &Target) -> Link {
        match target {
            Target::File(steps, _) if steps.starts_with(&self.root) => Link::File,
            Target::Directory(steps) if steps.starts_with(&self.root) => Link::Directory,
            Target::File(..) | Target::Directory(_) => Link::Escapes,
            Target::Submodule | Target::Unknown => Link::Unknown,
            Target::Outside(path) if self.top.join(path).exists() => Link::Escapes,
            Target::Nothing | Target::Outside(_) => Link::Dangling,
        }
    }

    /// Why a file that a path leads to is not read; `None` if it is one of the tree.
    pub(super) fn unread_file(&self, target: &Target) -> Option<Unread> {
        match target {
            Target::Submodule => Some(Unread::Submodule),
            Target::Unknown => Some(Unread::MissingObject),
            _ => EntryKind::Link(self.link(target)).unread(),
        }
    }

    /// The directory of the tree that a path leads to, or why it is not read.
    pub(super) fn directory<'t>(&self, target: &'t Target) -> Result<&'t Steps, Unread> {
        match (target, self.link(target)) {
            (Target::Directory(steps), Link::Directory) => Ok(steps),
            _ => Err(self.unread_file(target).unwrap_or(Unread::Special)),
        }
    }

    /// Whether an entry of the root called `name` that leads there counts as a service, read or not.
    pub(super) fn is_service(&self, target: &Target, name: &str) -> bool {
        let is_file_outside = match target {
            Target::File(..) => true,
            Target::Outside(path) => self.top.join(path).is_file(),
            _ => false,
        };
        match self.link(target) {
            Link::Directory | Link::Unknown => true,
            Link::File => false,
            // A service's name has no dot (rule service-name-chars): `README.md -> nowhere` is none.
            Link::Escapes | Link::Dangling => !is_file_outside && !name.contains('.'),
        }
    }
}

/// A lookup that remembers what it was asked.
pub(super) struct Recorded<'l> {
    inner: &'l dyn Lookup,
    asked: RefCell<Vec<Steps>>,
}

impl<'l> Recorded<'l> {
    pub(super) fn new(inner: &'l dyn Lookup) -> Self {
        Self { inner, asked: RefCell::default() }
    }

    pub(super) fn into_asked(self) -> Vec<Steps> {
        self.asked.into_inner()
    }
}

impl Lookup for Recorded<'_> {
    fn look(&self, path: &[Name]) -> Found {
        self.asked.borrow_mut().push(path.to_vec());
        self.inner.look(path)
    }
}
