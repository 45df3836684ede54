//! Files beside those of services that a run is told by: `.soalint.yaml` and the baseline, on disk, staged or
//! in a commit.

use std::io;
use std::path::Path;

use crate::repo::git::GitTree;
use crate::repo::{Holder, Unread};

use super::files;
use super::tree::Tree;

/// Where such files are.
#[derive(Clone, Copy)]
pub(super) enum Beside<'t> {
    /// On disk, or in the index where a sparse checkout leaves them out.
    Disk(&'t Tree),
    /// Staged, or in a commit.
    Git(&'t GitTree<'t>),
}

/// Why such a file cannot be read.
pub(super) enum Reason {
    /// There is none.
    Absent,
    /// It is a link, and what is wrong with it.
    Link(&'static str),
    /// In words, and what to do.
    Other(String, &'static str),
}

impl Beside<'_> {
    /// At most `limit` bytes of the file at `path` from the root of the tree.
    pub(super) fn read(self, path: &str, limit: u64) -> Result<Vec<u8>, Reason> {
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let known = |read: Option<Result<Vec<u8>, Unread>>| match read {
            None => Err(Reason::Absent),
            Some(Ok(bytes)) => Ok(bytes),
            Some(Err(Unread::LeavesTree)) => Err(Reason::Link(files::LEAVES)),
            Some(Err(Unread::Dangling)) => Err(Reason::Link(files::NOWHERE)),
            Some(Err(reason @ Unread::MissingObject)) => {
                Err(Reason::Other(reason.to_string(), reason.help(Holder::File)))
            }
            Some(Err(reason)) => Err(Reason::Other(reason.to_string(), "")),
        };
        let tree = match self {
            Beside::Git(tree) => return known(tree.read_beside(Path::new(path), most)),
            Beside::Disk(tree) => tree,
        };
        let place = tree.disk.root().join(path);
        let wrong = files::wrong_link(tree.disk.root(), &place).map(Reason::Link);
        if place.metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            return match tree.disk.read_left_out(Path::new(path), most) {
                None => Err(wrong.unwrap_or(Reason::Absent)),
                read => known(read),
            };
        }
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
        files::read(&place, limit).map_err(|error| Reason::Other(error.to_string(), ""))
    }
}
