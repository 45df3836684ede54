//! Which tree, and which of its services: from the command line and the current directory.

use std::collections::BTreeSet;
use std::env;
use std::io;
use std::path::{Path, PathBuf};

use crate::check::Scope;
use crate::config;
use crate::repo::disk::DiskTree;
use crate::repo::{git, printable};

use super::{Error, orientation};

/// Where PaaSTA itself looks (documentation, "Where does paasta_tools look for yelpsoa-configs?").
pub(super) const SYSTEM_TREE: &str = "/nail/etc/services";

/// The tree to work on.
pub(super) struct Tree {
    /// The tree.
    pub(super) disk: DiskTree,
    /// Its root as the user would name it.
    pub(super) root: PathBuf,
}

impl Tree {
    /// Opens the tree that `-d` names, or the one that the current directory is in.
    pub(super) fn open(soa_dir: Option<&Path>) -> Result<Self, Error> {
        Self::open_for(soa_dir, &[])
    }

    /// The same; `paths` are what the command line wants of it.
    pub(super) fn open_for(soa_dir: Option<&Path>, paths: &[PathBuf]) -> Result<Self, Error> {
        let root = soa_dir.map_or_else(default_root, Path::to_path_buf);
        let disk = DiskTree::open(&root).map_err(|error| {
            if soa_dir.is_none() && error.kind() == io::ErrorKind::NotFound {
                let gone = paths.iter().find_map(|path| Some((path, path.symlink_metadata().err()?)));
                return match gone {
                    Some((path, error)) => orientation::missing(path, None, &reason(&error)),
                    None => orientation::no_tree(paths),
                };
            }
            let shown = printable(root.as_os_str());
            Error::usage(
                format!("cannot read the tree `{shown}`: {}", reason(&error)),
                "name the root of the soa-configs tree with -d",
            )
        })?;
        Ok(Self { disk, root })
    }

    /// How paths of the tree are reached from the current directory: empty or ending in `/`.
    pub(super) fn prefix(&self) -> String {
        let root = self.disk.root();
        let relative = env::current_dir()
            .and_then(std::fs::canonicalize)
            .ok()
            .and_then(|current| root.strip_prefix(current).ok().map(Path::to_path_buf));
        let shown = match relative {
            Some(relative) => printable(relative.as_os_str()),
            None => printable(self.root.as_os_str()),
        };
        if shown.is_empty() || shown.ends_with('/') { shown } else { format!("{shown}/") }
    }

    /// The same from the root of the git repository that the tree lies in; empty without one.
    pub(super) fn path_in_repository(&self) -> String {
        let root = self.disk.root();
        let relative = git::top_of(root).and_then(|repository| root.strip_prefix(repository).ok());
        let shown = relative.map(|path| printable(path.as_os_str())).unwrap_or_default();
        if shown.is_empty() { shown } else { format!("{shown}/") }
    }

    /// The services that `paths` select; all without paths.
    pub(super) fn scope(&self, paths: &[PathBuf]) -> Result<Scope, Error> {
        if paths.is_empty() {
            return Ok(Scope::Everything);
        }
        let mut services = BTreeSet::new();
        for path in paths {
            match self.service_of(path)? {
                Some(service) => services.insert(service),
                None => return Ok(Scope::Everything),
            };
        }
        // A file in the root itself is not a service.
        let is_service = |name: &String| self.disk.root().join(name).is_dir();
        services.retain(is_service);
        Ok(Scope::Services(services))
    }

    /// The service that `path` is or lies in; `None` for the root.
    fn service_of(&self, path: &Path) -> Result<Option<String>, Error> {
        let shown = printable(path.as_os_str());
        let missing = |error: &io::Error| orientation::missing(path, Some(self), &reason(error));
        // The entry itself may be a link that leads nowhere or out of the tree: that is content.
        path.symlink_metadata().map_err(|error| missing(&error))?;
        let real = match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) => {
                let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
                std::fs::canonicalize(parent).map_err(|error| missing(&error))?.join(name)
            }
            _ => std::fs::canonicalize(path).map_err(|error| missing(&error))?,
        };
        let root = self.disk.root();
        let relative = real
            .strip_prefix(root)
            .map(Path::to_path_buf)
            .or_else(|error| {
                let real = std::fs::canonicalize(path).map_err(|_| error.clone())?;
                real.strip_prefix(root).map(Path::to_path_buf)
            })
            .map_err(|_| {
                Error::usage(
                    format!("`{shown}` is not in the tree `{}`", printable(self.root.as_os_str())),
                    "name the root of the soa-configs tree with -d",
                )
            })?;
        Ok(relative.components().next().map(|first| printable(first.as_os_str())))
    }
}

/// The nearest directory upwards with a configuration file or a git repository, else the current
/// one if it holds services, else PaaSTA's own.
fn default_root() -> PathBuf {
    let Ok(current) = env::current_dir() else { return PathBuf::from(".") };
    for ancestor in current.ancestors() {
        if ancestor.join(config::FILE_NAME).is_file() || ancestor.join(".git").exists() {
            return if ancestor == current { PathBuf::from(".") } else { ancestor.to_path_buf() };
        }
    }
    if holds_services(&current) { PathBuf::from(".") } else { PathBuf::from(SYSTEM_TREE) }
}

/// Whether a directory of `root` has a file that PaaSTA reads.
fn holds_services(root: &Path) -> bool {
    let entries = |path: &Path| std::fs::read_dir(path).into_iter().flatten().flatten();
    entries(root).filter(|entry| entry.path().is_dir()).any(|directory| {
        entries(&directory.path()).any(|file| {
            file.file_name()
                .to_str()
                .is_some_and(|name| crate::model::kind::FileKind::from_file_name(name).is_some())
        })
    })
}

fn reason(error: &io::Error) -> String {
    let text = error.to_string().to_lowercase();
    text.split(" (os error").next().unwrap_or("").to_owned()
}
