//! Which tree, and which of its services: from the command line and the current directory.

use std::collections::BTreeSet;
use std::env;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::check::{self, Scope};
use crate::config;
use crate::repo::disk::DiskTree;
use crate::repo::git::{self, Repository, WorkingTree};
use crate::repo::{TreeSource, printable, root};
use crate::write::Bounds;

use super::named::{Named, Said};
use super::{Error, orientation};

/// Where PaaSTA itself looks (documentation, "Where does paasta_tools look for yelpsoa-configs?").
pub(super) const SYSTEM_TREE: &str = "/nail/etc/services";

/// The tree to work on.
pub(super) struct Tree {
    /// The tree.
    pub(super) disk: WorkingTree,
    /// Its root as the user would name it.
    pub(super) root: PathBuf,
    /// Whether the user did.
    is_named: bool,
    /// The current directory below the root, if it is there; without links.
    current: Option<PathBuf>,
}

/// What a word of the command line means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// The whole tree.
    Tree,
    /// A service, or something of it.
    Service {
        /// Its name.
        service: String,
        /// The instance, of `service.instance`.
        instance: Option<String>,
        /// The path below the directory of the service, of a path.
        inside: Option<PathBuf>,
    },
    /// A service whose directory is gone, though git knows it.
    Removed(String),
}

/// What the paths of a command line select.
pub(super) struct Selection {
    /// The services to check; those that depend on removed ones are among them.
    pub(super) scope: Scope,
    /// Services that git knows and the disk does not have any more.
    pub(super) removed: BTreeSet<String>,
    /// The words that name a service or something of one.
    named: Vec<Named>,
    /// Why nothing is checked of other words.
    failures: Vec<Error>,
}

impl Tree {
    /// Opens the tree that `-d` names, or the one that the current directory is in.
    pub(super) fn open(soa_dir: Option<&Path>) -> Result<Self, Error> {
        Self::open_for(soa_dir, &[])
    }

    /// The same; `paths` are what the command line wants of it. Where the current directory is in no
    /// tree, they tell which one is meant.
    pub(super) fn open_for(soa_dir: Option<&Path>, paths: &[PathBuf]) -> Result<Self, Error> {
        let here = env::current_dir().and_then(std::fs::canonicalize).ok();
        let found = || {
            let here = here.as_deref()?;
            root::find(here).or_else(|| paths.iter().find_map(|path| root::find(&existing(path)?)))
        };
        let (root, is_named) = match soa_dir {
            Some(named) => (named.to_path_buf(), true),
            None => match found() {
                Some(root) if here.as_ref() == Some(&root) => (PathBuf::from("."), false),
                Some(root) => (root, false),
                None => (PathBuf::from(SYSTEM_TREE), false),
            },
        };
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
        let current = here.as_ref().and_then(|here| here.strip_prefix(disk.root()).ok());
        let current = current.map(Path::to_path_buf).filter(|below| !below.as_os_str().is_empty());
        Ok(Self { disk: WorkingTree::new(disk)?, root, is_named, current })
    }

    /// How far links lead that are found on the way to what is written.
    pub(super) fn bounds(&self) -> Bounds {
        Bounds::of_tree(self.disk.root())
    }

    /// How paths of the tree are reached from the current directory: empty or ending in `/`.
    pub(super) fn prefix(&self) -> String {
        let root = self.disk.root();
        let relative = env::current_dir()
            .and_then(std::fs::canonicalize)
            .ok()
            .and_then(|current| root.strip_prefix(current).ok().map(Path::to_path_buf));
        let shown = match (relative, &self.current) {
            (Some(relative), _) => printable(relative.as_os_str()),
            (None, Some(below)) if !self.is_named => "../".repeat(below.components().count()),
            (None, _) => printable(self.root.as_os_str()),
        };
        if shown.is_empty() || shown.ends_with('/') { shown } else { format!("{shown}/") }
    }

    /// Where below the root the current directory is: empty or ending in `/`.
    pub(super) fn current(&self) -> String {
        self.current.as_ref().map(|below| format!("{}/", printable(below.as_os_str()))).unwrap_or_default()
    }

    /// The same from the root of the git repository that the tree lies in; empty without one.
    pub(super) fn path_in_repository(&self) -> String {
        let root = self.disk.root();
        let relative = git::top_of(root).and_then(|repository| root.strip_prefix(repository).ok());
        let shown = relative.map(|path| printable(path.as_os_str())).unwrap_or_default();
        if shown.is_empty() { shown } else { format!("{shown}/") }
    }

    /// Refuses to go on where not everything could be read, for want of handles of files or of objects of
    /// git: what was found is then not all that there is.
    pub(super) fn refuse_incomplete(&self) -> Result<(), Error> {
        match self.disk.failure() {
            Some(failure) => Err(failure.into()),
            None if self.disk.is_exhausted() => Err(Error::exhausted()),
            None => Ok(()),
        }
    }

    /// Whether the tree has a service of that printable name.
    pub(super) fn has_service(&self, name: &str) -> bool {
        self.disk.service_names().iter().any(|known| known.text == name)
    }

    /// What `words` select; everything without any.
    ///
    /// # Errors
    /// Nothing of what they name can be checked.
    pub(super) fn select(&self, words: &[PathBuf]) -> Result<Selection, Error> {
        let mut selection = Selection {
            scope: Scope::Everything,
            removed: BTreeSet::new(),
            named: Vec::new(),
            failures: Vec::new(),
        };
        if words.is_empty() {
            return Ok(selection);
        }
        let mut services = BTreeSet::new();
        let mut is_whole = false;
        for word in words {
            match self.meaning(word) {
                Ok(Meant::Tree) => is_whole = true,
                Ok(Meant::Service { service, instance, inside }) => {
                    services.insert(service.clone());
                    selection.named.push(Named { word: word.clone(), service, instance, inside });
                }
                Ok(Meant::Removed(service)) => {
                    selection.removed.insert(service);
                }
                Err(error) => selection.failures.push(error),
            }
        }
        let is_nothing = !is_whole && services.is_empty() && selection.removed.is_empty();
        if is_nothing && !selection.failures.is_empty() {
            return Err(selection.failures.swap_remove(0));
        }
        if !selection.removed.is_empty() {
            services.extend(check::dependants(&self.disk, &selection.removed));
        }
        if !is_whole {
            selection.scope = Scope::Services(services);
        }
        Ok(selection)
    }

    /// What a word of the command line means: a path that is in the tree, else a name (`service`,
    /// `service.instance`), else the path of something that was removed.
    ///
    /// # Errors
    /// Nothing that can be checked.
    pub(super) fn meaning(&self, word: &Path) -> Result<Meant, Error> {
        let found = word.symlink_metadata();
        if found.is_ok()
            && let Some(relative) = self.relative(word)
        {
            return self.at(word, &relative);
        }
        if let Some(name) = word.to_str()
            && let Some(meant) = self.by_name(name)
        {
            return Ok(meant);
        }
        match found {
            Ok(_) => Err(Error::usage(
                format!(
                    "`{}` is not in the tree `{}`",
                    printable(word.as_os_str()),
                    printable(self.root.as_os_str())
                ),
                "name the root of the soa-configs tree with -d",
            )),
            Err(error) => {
                let gone = self.relative(word).and_then(|relative| self.gone(&relative));
                gone.or_else(|| self.gone_by_name(word.to_str()?))
                    .ok_or_else(|| orientation::missing(word, Some(self), &reason(&error)))
            }
        }
    }

    /// What is at a path of the tree.
    fn at(&self, word: &Path, relative: &Path) -> Result<Meant, Error> {
        let mut steps = relative.components();
        let Some(first) = steps.next() else { return Ok(Meant::Tree) };
        let service = printable(first.as_os_str());
        let inside = steps.as_path().to_path_buf();
        if self.has_service(&service) {
            let inside = (!inside.as_os_str().is_empty()).then_some(inside);
            return Ok(Meant::Service { service, instance: None, inside });
        }
        if relative == Path::new(config::FILE_NAME) {
            // Every service is judged by it.
            return Ok(Meant::Tree);
        }
        Err(Error::usage(
            format!("nothing of `{}` is checked: it is in no service", printable(word.as_os_str())),
            "a service is a directory in the root of the tree; soalint checks the YAML files in it",
        ))
    }

    fn by_name(&self, name: &str) -> Option<Meant> {
        let service = |service: &str, instance: Option<&str>| Meant::Service {
            service: service.to_owned(),
            instance: instance.map(str::to_owned),
            inside: None,
        };
        if self.has_service(name) {
            return Some(service(name, None));
        }
        // An instance can have an empty name, too: `web.`.
        let (first, instance) = name.split_once('.')?;
        (!name.contains('/') && self.has_service(first)).then(|| service(first, Some(instance)))
    }

    /// What a path of the tree meant of which nothing is there any more.
    fn gone(&self, relative: &Path) -> Option<Meant> {
        let mut steps = relative.components();
        let Some(Component::Normal(first)) = steps.next() else { return None };
        let service = printable(first);
        let inside = steps.as_path().to_path_buf();
        if self.has_service(&service) {
            let inside = (!inside.as_os_str().is_empty()).then_some(inside);
            return Some(Meant::Service { service, instance: None, inside });
        }
        let repository = Repository::of(self.disk.root()).ok()?;
        repository.knows(relative).then_some(Meant::Removed(service))
    }

    /// What a name meant of which nothing is there any more.
    fn gone_by_name(&self, name: &str) -> Option<Meant> {
        let is_name = !name.is_empty() && !name.starts_with('.') && !name.contains('/');
        let service = name.split_once('.').map_or(name, |(service, _)| service);
        is_name.then(|| self.gone(Path::new(service)))?
    }

    /// A path relative to the root of the tree, if it leads below it. Its last step may be a link, which is
    /// content, and any number of its last steps may be gone.
    fn relative(&self, path: &Path) -> Option<PathBuf> {
        let below = |path: &Path| path.strip_prefix(self.disk.root()).map(Path::to_path_buf).ok();
        let mut steps = path.components();
        let last = match steps.next_back() {
            Some(Component::Normal(last)) => Some(last),
            _ => None,
        };
        let by_parent = last.and_then(|last| below(&existing(steps.as_path())?.join(last)));
        by_parent.or_else(|| below(&std::fs::canonicalize(path).ok()?)).or_else(|| self.through_link(path))
    }

    /// The same for a path that leads out of the tree through the link that a service is.
    fn through_link(&self, path: &Path) -> Option<PathBuf> {
        path.ancestors().find_map(|service| {
            let name = service.file_name().filter(|name| self.has_service(&printable(name)))?;
            let is_here = existing(service.parent()?)? == self.disk.root();
            is_here.then(|| Some(Path::new(name).join(path.strip_prefix(service).ok()?)))?
        })
    }
}

impl Selection {
    /// Takes names of instances for those of their services: a change may have removed what was meant.
    pub(super) fn widen(&mut self) {
        self.named.iter_mut().for_each(|named| named.instance = None);
    }

    /// Why nothing of something that was named is checked in `source`: to be said after the report, which says
    /// `said`.
    pub(super) fn failures(self, tree: &Tree, source: &dyn TreeSource, said: &Said<'_>) -> Vec<Error> {
        let Selection { named, mut failures, .. } = self;
        failures.extend(named.iter().filter_map(|named| named.failure(tree, source, said)));
        failures
    }
}

/// The path without links, as far as it is there; its last steps may be gone.
fn existing(path: &Path) -> Option<PathBuf> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    if let Ok(real) = std::fs::canonicalize(path) {
        return Some(real);
    }
    let mut steps = path.components();
    match steps.next_back()? {
        Component::Normal(last) => Some(existing(steps.as_path())?.join(last)),
        _ => None,
    }
}

fn reason(error: &io::Error) -> String {
    let text = error.to_string().to_lowercase();
    text.split(" (os error").next().unwrap_or("").to_owned()
}
