//! The index: what the next commit will hold, and what a sparse checkout leaves out of the working tree.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::change::{Differences, Staged};
use super::listing::{Directory, Entries, Listing, Node, insert};
use super::objects::{Mode, Objects};
use super::{Commit, Error, GitTree, Repository, os_string};
use crate::repo::disk::DiskTree;
use crate::repo::printable;

/// Objects of the empty file: what `git add --intent-to-add` records, for SHA-1 and SHA-256.
const EMPTY: [&str; 2] = [
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
];

/// Digits of names of objects, for the two kinds of hashes.
const SHA1: usize = 40;
const SHA256: usize = 64;

/// A line of `git ls-files -v --stage`.
pub(super) struct IndexEntry<'l> {
    /// `S` if it is not in the working tree; a small letter if git is told not to look at it there.
    pub(super) tag: u8,
    pub(super) mode: Mode,
    pub(super) object: &'l str,
    /// 0, or which side of a conflict it is.
    pub(super) stage: &'l [u8],
    /// From the root of the repository.
    pub(super) path: &'l [u8],
}

impl IndexEntry<'_> {
    /// Whether git is told to take the file for unchanged, or to leave it out of the working tree.
    pub(super) const fn is_flagged(&self) -> bool {
        self.is_skipped() || self.tag.is_ascii_lowercase()
    }

    /// Whether it is left out of the working tree.
    pub(super) const fn is_skipped(&self) -> bool {
        self.tag.eq_ignore_ascii_case(&b'S')
    }

    /// Whether it could be announced only (`git add --intent-to-add`).
    pub(super) fn may_be_intended(&self) -> bool {
        EMPTY.contains(&self.object)
    }

    pub(super) fn node(&self) -> Node {
        Node::new(self.mode, self.object.to_owned())
    }
}

/// What `git ls-files` says of the index.
pub(super) struct Listed(Vec<u8>);

impl Listed {
    pub(super) fn entries(&self) -> impl Iterator<Item = IndexEntry<'_>> {
        self.0.split(|byte| *byte == 0).filter_map(parse)
    }
}

/// Parses `tag mode object stage TAB path`; all but the path has a fixed width, but for two kinds of names.
fn parse(line: &[u8]) -> Option<IndexEntry<'_>> {
    let object = 9..9 + if line.get(51) == Some(&b'\t') { SHA1 } else { SHA256 };
    Some(IndexEntry {
        tag: *line.first()?,
        mode: Mode::parse(line.get(2..8)?),
        stage: line.get(object.end + 1..object.end + 2)?,
        path: line.get(object.end + 3..)?,
        object: str::from_utf8(line.get(object)?).ok()?,
    })
}

impl Repository {
    /// The index below the root of the tree.
    pub(super) fn index(&self) -> Result<Listed, Error> {
        Ok(Listed(self.paths(&["ls-files", "-z", "-v", "--stage"])?))
    }

    /// All of the index.
    pub(super) fn whole_index(&self) -> Result<Listing, Error> {
        let listed = Listed(self.succeed(&["ls-files", "-z", "-v", "--stage"])?);
        let mut entries = Entries::new();
        for entry in listed.entries() {
            insert(&mut entries, entry.path, entry.node());
        }
        Ok(Listing::new(Objects::of(self), Directory::Listed(Arc::new(entries))))
    }

    /// What is staged, and how it differs from `base`. `disk` is the working tree.
    pub fn staged<'d>(&self, base: &Commit, disk: &'d DiskTree) -> Result<(GitTree<'d>, Staged), Error> {
        let (listed, differences) = rayon::join(|| self.index(), || self.differences(base, true));
        let (listed, differences) = (listed?, differences?);
        let listed: Vec<IndexEntry<'_>> = listed.entries().collect();
        let conflicts = listed.iter().filter(|entry| entry.stage != b"0");
        let conflicts: BTreeSet<&[u8]> = conflicts.map(|entry| entry.path).collect();
        if !conflicts.is_empty() {
            let shown = |path: &&[u8]| printable(&os_string(path.to_vec()));
            return Err(Error::Unmerged(conflicts.iter().map(shown).collect()));
        }
        let intended = if listed.iter().any(IndexEntry::may_be_intended) {
            self.intended(base, &differences)?
        } else {
            BTreeSet::new()
        };
        let mut entries = Entries::new();
        let mut links = Vec::new();
        for entry in listed.iter().filter(|entry| !intended.contains(entry.path)) {
            if entry.mode == Mode::Link {
                links.push(entry.path.to_vec());
            }
            insert(&mut entries, entry.path, entry.node());
        }
        let tree = GitTree::of_index(self, entries, disk)?;
        Ok((tree, Staged { differences, links }))
    }

    /// Paths that are announced and not staged (`git add --intent-to-add`): the two ways to look at them
    /// make a difference.
    fn intended(&self, base: &Commit, differences: &Differences) -> Result<BTreeSet<Vec<u8>>, Error> {
        let staged: BTreeSet<&[u8]> = differences.present().collect();
        let visible = self.visible(base)?;
        let intended = visible.present().filter(|path| !staged.contains(path)).map(<[u8]>::to_vec);
        // Where the base has the same empty file, they look the same with it, and gone without it.
        let gone = differences.removed().filter(|path| !visible.removed().any(|other| other == *path));
        Ok(intended.chain(gone.map(<[u8]>::to_vec)).collect())
    }

    /// What the index has and the working tree must not: entries that a sparse checkout leaves out, and
    /// submodules whose files are elsewhere. `None` if there are none.
    ///
    /// # Errors
    /// git is needed to tell, and does not.
    pub(super) fn left_out(root: &Path) -> Result<Option<(Self, Listing)>, Error> {
        let Some(top) = super::top_of(root) else { return Ok(None) };
        if !may_leave_out(top) {
            return Ok(None);
        }
        let repository = match Self::of(root) {
            Ok(repository) => repository,
            // Nothing says that anything is left out: the tree is what is there.
            Err(_) if !is_sparse(top) => return Ok(None),
            Err(error) => return Err(error),
        };
        let listed = repository.index()?;
        let mut entries = Entries::new();
        for entry in listed.entries().filter(|entry| entry.stage == b"0") {
            let path = || repository.top().join(PathBuf::from(os_string(entry.path.to_vec())));
            let is_left_out = match entry.mode {
                Mode::Submodule => path().join(".git").symlink_metadata().is_err(),
                _ => entry.is_skipped() && path().symlink_metadata().is_err(),
            };
            if is_left_out {
                insert(&mut entries, entry.path, entry.node());
            }
        }
        if entries.is_empty() {
            return Ok(None);
        }
        let root = Directory::Listed(Arc::new(entries));
        let listing = Listing::new(Objects::of(&repository), root);
        Ok(Some((repository, listing)))
    }
}

/// Whether the index could have entries that are not in the working tree. Nothing is run to find out.
fn may_leave_out(top: &Path) -> bool {
    let Some(directory) = directory_of(top) else { return true };
    if top.join(".gitmodules").symlink_metadata().is_ok() {
        return true;
    }
    let mut header = [0; 8];
    let read = File::open(directory.join("index")).and_then(|mut index| index.read_exact(&mut header));
    if read.is_err() {
        // There is no index before anything is added.
        return false;
    }
    // Entries can be marked as skipped from version 3 on (gitformat-index), and git writes version 2
    // where none is. A split index has most of its entries in another file.
    let is_old = header == *b"DIRC\0\0\0\x02";
    let names = fs::read_dir(&directory).into_iter().flatten().flatten();
    let mut names = names.map(|entry| entry.file_name());
    !is_old || names.any(|name| name.as_encoded_bytes().starts_with(b"sharedindex."))
}

/// Whether the repository was told to check out only a part.
fn is_sparse(top: &Path) -> bool {
    directory_of(top).is_none_or(|directory| directory.join("info/sparse-checkout").exists())
}

/// The directory of a repository: `.git`, or the one that a file of that name leads to (`gitdir: PATH`).
fn directory_of(top: &Path) -> Option<PathBuf> {
    let dot_git = top.join(".git");
    if dot_git.is_dir() {
        return Some(dot_git);
    }
    let mut bytes = Vec::new();
    File::open(&dot_git).ok()?.take(8192).read_to_end(&mut bytes).ok()?;
    let path = bytes.strip_prefix(b"gitdir: ")?;
    let path = path.strip_suffix(b"\n").unwrap_or(path);
    Some(top.join(PathBuf::from(os_string(path.to_vec()))))
}
