//! How far links lead that are found on the way to what the user names.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::repo::git;

/// Directories that strangers fill: a link in one of them is not followed out of it.
#[derive(Clone, Debug, Default)]
pub struct Bounds {
    /// Paths without links.
    roots: Vec<PathBuf>,
}

impl Bounds {
    /// A tree, by its path without links, and the repository that it lies in.
    pub fn of_tree(root: &Path) -> Self {
        let repository = git::top_of(root).map(Path::to_path_buf);
        Self { roots: std::iter::once(root.to_path_buf()).chain(repository).collect() }
    }

    /// The path without links; what is not there yet is kept as it is written.
    pub(super) fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        let mut real = if path.is_absolute() { PathBuf::new() } else { fs::canonicalize(".")? };
        for component in path.components() {
            match component {
                Component::Prefix(_) | Component::RootDir => real.push(component),
                Component::CurDir => {}
                Component::ParentDir => {
                    real.pop();
                }
                Component::Normal(name) => {
                    let next = real.join(name);
                    real = if next.is_symlink() { self.follow(&real, &next)? } else { next };
                }
            }
        }
        Ok(real)
    }

    fn follow(&self, directory: &Path, link: &Path) -> io::Result<PathBuf> {
        let target = fs::canonicalize(link).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => super::refused("it is a link that leads nowhere"),
            _ => error,
        })?;
        let leaves = |root: &PathBuf| directory.starts_with(root) && !target.starts_with(root);
        if self.roots.iter().any(leaves) {
            return Err(super::refused("a link there leaves the tree, which is not followed"));
        }
        Ok(target)
    }
}
