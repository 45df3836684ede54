//! Why something of a tree could not be read. What was not read is unknown, never absent.

use std::fmt;
use std::io;

/// Why a file or a directory of the tree could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// The system refuses, in its own words.
    System(String),
    /// The process may open no more files, even one service after the other.
    NoHandles,
    /// A link that leads nowhere.
    Dangling,
    /// A link that the system does not let us follow to its end.
    LinkUnknown,
    /// A link that leads out of the tree. PaaSTA follows it; soalint does not (design.md section 13).
    LeavesTree,
    /// A directory where a file is expected.
    Directory,
    /// A pipe, a socket or a device: opening it could wait for ever.
    Special,
    /// A commit of another repository, whose files this one does not have.
    Submodule,
    /// The repository lacks the object, as partial clones do.
    MissingObject,
}

/// What could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    /// The directory of a service.
    Service,
    /// A directory in it.
    Nested,
    /// A file.
    File,
    /// A file of which soalint would not know what it is for.
    UnknownFile,
}

impl Holder {
    /// What people call it.
    pub(crate) const fn noun(self) -> &'static str {
        match self {
            Holder::Service | Holder::Nested => "directory",
            Holder::File | Holder::UnknownFile => "file",
        }
    }

    const fn is_file(self) -> bool {
        matches!(self, Holder::File | Holder::UnknownFile)
    }
}

impl Unread {
    /// From the system's error, without its number and without paths of this machine.
    pub(crate) fn from_system(error: &io::Error) -> Self {
        let text = error.to_string();
        let text = text.split(" (os error").next().unwrap_or("");
        let mut letters = text.chars();
        let words = match letters.next() {
            Some(first) => first.to_lowercase().chain(letters).collect(),
            None => "unknown error".to_owned(),
        };
        Unread::System(words)
    }

    /// What follows from it for PaaSTA, and for what soalint says.
    pub(crate) const fn why(&self, holder: Holder) -> &'static str {
        match (self, holder) {
            (Unread::LeavesTree, Holder::File | Holder::UnknownFile) => {
                "PaaSTA follows the link; soalint reads nothing outside of the tree, so nothing of this file is checked"
            }
            (Unread::LeavesTree, _) => {
                "PaaSTA follows the link; soalint reads nothing outside of the tree, so nothing of this service is checked"
            }
            (Unread::Submodule, _) => {
                "its files are in another repository, so nothing of this directory is checked"
            }
            (Unread::NoHandles | Unread::MissingObject, _) => "nothing of it is checked",
            (_, Holder::UnknownFile) => {
                "soalint does not know files of this kind, and of this one not even whether it is YAML"
            }
            (_, Holder::Nested) => {
                "PaaSTA does not look into it, but a configuration file that got there by mistake stays unseen"
            }
            (_, Holder::File) => {
                "PaaSTA takes a file that it cannot read for an empty one: what it configures is removed"
            }
            (_, Holder::Service) => {
                "PaaSTA finds no instance in a directory that it cannot read: what runs of the service is removed"
            }
        }
    }

    /// What to do.
    pub(crate) const fn help(&self, holder: Holder) -> &'static str {
        match (self, holder.is_file()) {
            (Unread::LeavesTree, true) => {
                "put the file itself into the tree, or let the link lead to a file of the tree"
            }
            (Unread::LeavesTree, false) => {
                "put the directory itself into the tree, or let the link lead to one of its services"
            }
            (Unread::Submodule, _) => "check that repository by itself, or put its files into this one",
            (Unread::NoHandles, _) => "raise the limit of open files (`ulimit -n`), or lower `-j`",
            (Unread::MissingObject, _) => "fetch what the clone left out: `git fetch --refetch --no-filter`",
            (_, true) => "put a regular, readable file there, or delete the entry",
            (_, false) => "put a readable directory there, or delete the entry",
        }
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unread::System(words) => words,
            Unread::NoHandles => "no more files can be opened",
            Unread::Dangling => "it is a link that leads nowhere",
            Unread::LinkUnknown => "it is a link, and the system does not tell where it leads",
            Unread::LeavesTree => "it is a link that leaves the tree, which is not followed",
            Unread::Directory => "it is a directory",
            Unread::Special => "it is not a regular file",
            Unread::Submodule => "it is a submodule",
            Unread::MissingObject => "git does not have it",
        })
    }
}
