//! How far links lead that are found on the way to what the user names.
//!
//! Trees and repositories are what strangers fill: a link in one of them is not followed out of it. That holds
//! for the tree that a run is about, and for any other that the path leads into.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::repo::{git, root};

/// Directories out of which no link in them is followed, beside those that the link itself lies in.
#[derive(Clone, Debug, Default)]
pub struct Bounds {
    /// Paths without links.
    roots: Vec<PathBuf>,
}

impl Bounds {
    /// A tree, by its path without links, and the repository that it lies in.
    pub fn of_tree(root: &Path) -> Self {
        let repository = git::top_of(root).map(Path::to_path_buf);
        Self { roots: repository.into_iter().chain([root.to_path_buf()]).collect() }
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
        let around = root::find(directory).map(|root| Self::of_tree(&root)).unwrap_or_default();
        let repository = git::top_of(directory).map(Path::to_path_buf);
        let leaves = |root: &PathBuf| directory.starts_with(root) && !target.starts_with(root);
        if self.roots.iter().chain(&around.roots).chain(&repository).any(leaves) {
            return Err(super::refused("a link there leaves the tree, which is not followed"));
        }
        Ok(target)
    }
}
