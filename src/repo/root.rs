//! Where the tree begins, if nobody says so.

use std::path::{Path, PathBuf};

use crate::config;
use crate::model::kind::FileKind;
use crate::repo::git;

/// The root of the tree that `start` (a path without links) lies in: the nearest directory upwards that has
/// a configuration file or holds services. A git repository is not left.
///
/// A directory holds services if PaaSTA reads files of a directory in it, and none of its own: a service may
/// have directories with such files as well (`autotuned_defaults`).
pub(crate) fn find(start: &Path) -> Option<PathBuf> {
    // The farthest one that has files of a service itself, though it can hardly be one.
    let mut doubtful = None;
    for directory in start.ancestors() {
        if directory.join(config::FILE_NAME).symlink_metadata().is_ok() {
            return Some(directory.to_path_buf());
        }
        let holds = Holds::of(directory);
        if holds.has_services() {
            return Some(only_tree_in(directory, &holds).unwrap_or_else(|| directory.to_path_buf()));
        }
        if holds.is_doubtful() {
            doubtful = Some(directory.to_path_buf());
        }
        if git::is_top(directory) {
            break;
        }
    }
    doubtful
}

/// Directories in `parent` that hold services, for advice.
pub(crate) fn trees_in(parent: &Path) -> Vec<PathBuf> {
    let mut trees: Vec<PathBuf> =
        directories(parent).filter(|directory| Holds::of(directory).has_services()).collect();
    trees.sort();
    trees
}

/// Directories in `parent` that cannot be listed: they may be services, or hold some.
pub(crate) fn unread_in(parent: &Path) -> Vec<PathBuf> {
    let mut unread: Vec<PathBuf> =
        directories(parent).filter(|directory| std::fs::read_dir(directory).is_err()).collect();
    unread.sort();
    unread
}

/// The nearest directory that cannot be listed among those in which [`find`] looks for a tree.
pub(crate) fn unlisted_above(start: &Path) -> Option<PathBuf> {
    let top = start.ancestors().find(|directory| git::is_top(directory));
    let mut looked_in =
        start.ancestors().take_while(|directory| top.is_none_or(|top| directory.starts_with(top)));
    let is_unlisted = |directory: &&Path| std::fs::read_dir(directory).is_err();
    looked_in.find(is_unlisted).map(Path::to_path_buf)
}

/// What a directory looks like.
struct Holds {
    /// Whether it has a file that PaaSTA reads in the directory of a service.
    own: bool,
    /// Directories in it that have one; two are enough to know.
    services: Vec<PathBuf>,
}

impl Holds {
    fn of(directory: &Path) -> Self {
        let has_file = |path: &PathBuf| has_file_of_service(path);
        Self {
            own: has_file_of_service(directory),
            services: directories(directory).filter(has_file).take(2).collect(),
        }
    }

    fn has_services(&self) -> bool {
        !self.own && !self.services.is_empty()
    }

    /// A tree with a stray file in its root looks like a service with nested directories.
    fn is_doubtful(&self) -> bool {
        self.own && self.services.len() > 1
    }
}

/// The tree in a directory whose only service looks like a tree with a stray file in its root.
fn only_tree_in(directory: &Path, holds: &Holds) -> Option<PathBuf> {
    let [only] = holds.services.as_slice() else { return None };
    let is_tree = directory.join(only).symlink_metadata().is_ok_and(|found| found.is_dir());
    (is_tree && Holds::of(only).is_doubtful()).then(|| only.clone())
}

/// The directories in a directory, or links to some, whose names do not start with a dot.
fn directories(directory: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let is_hidden = |entry: &std::fs::DirEntry| entry.file_name().as_encoded_bytes().starts_with(b".");
    entries.filter(move |entry| !is_hidden(entry)).map(|entry| entry.path()).filter(|path| path.is_dir())
}

/// Whether a directory has a file with a name that PaaSTA reads in the directory of a service.
fn has_file_of_service(directory: &Path) -> bool {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    entries
        .filter(|entry| {
            entry.file_name().to_str().is_some_and(|name| FileKind::from_file_name(name).is_some())
        })
        .any(|entry| entry.file_type().is_ok_and(|kind| !kind.is_dir()))
}
