//! Paths and names of the command line of which nothing is checked, and why.

use std::path::{Component, Path, PathBuf};

use crate::check::Outcome;
use crate::diagnostic::Severity;
use crate::effective::Deployments;
use crate::repo::{
    Document, EntryKind, Link, RawEntry, Service, TreeSource, Wanted, is_configuration, is_yaml, printable,
};
use crate::yaml::{Kind, Reader, Tree as Yaml};

use super::selected::opened_as;

use super::tree::Tree;
use super::{Error, orientation};

/// A word of the command line that means a service, or something in its directory.
pub(super) struct Named {
    /// The word.
    pub(super) word: PathBuf,
    /// The printable name of the service.
    pub(super) service: String,
    /// The instance or namespace, of `service.instance`.
    pub(super) instance: Option<String>,
    /// The path below its directory, of a path.
    pub(super) inside: Option<PathBuf>,
}

/// What a run says of files and directories, by their paths from the root of the tree.
pub(super) struct Said<'o> {
    /// Those with an error: it says why nothing else is said.
    pub(super) errors: Vec<&'o str>,
    /// Those that were only read as YAML.
    pub(super) unknown: &'o [String],
}

impl<'o> Said<'o> {
    /// What a report says.
    pub(super) fn by(outcome: &'o Outcome) -> Self {
        let errors = outcome.diagnostics.iter().filter(|d| d.severity == Severity::Error);
        Self { errors: errors.map(|d| &*d.place.file).collect(), unknown: &outcome.unknown_files }
    }

    /// Whether there is an error at that path or below it.
    fn has_error(&self, path: &str) -> bool {
        let is_at = |rest: &str| rest.is_empty() || rest.starts_with('/');
        self.errors.iter().any(|error| error.strip_prefix(path).is_some_and(is_at))
    }
}

impl Named {
    /// Refuses a path that is not there.
    pub(super) fn missing(&self, tree: &Tree) -> Option<Error> {
        let inside = self.inside.as_deref()?;
        let name = tree.disk.service_names().iter().find(|known| known.text == self.service)?;
        let loaded = tree.disk.load(name, &Wanted::Nothing);
        let is_there = loaded.error.is_some() || entry_of(inside, &loaded.entries).is_some();
        let reason = "no such file or directory";
        (!is_there).then(|| orientation::missing(&self.word, Some(tree), reason))
    }

    /// Why nothing of what is named is checked in `source`; `None` where something is or would be if it had
    /// changed, or an error tells of it.
    pub(super) fn failure(&self, tree: &Tree, source: &dyn TreeSource, said: &Said<'_>) -> Option<Error> {
        let name = source.service_names().iter().find(|known| known.text == self.service)?;
        let shown = printable(self.word.as_os_str());
        if let Some(instance) = &self.instance {
            let service = Service::parse(source.load(name, &Wanted::Everything), &Reader::default());
            return lacks(&service, instance).then(|| {
                let message = format!(
                    "nothing of `{shown}` is checked: `{}` has no instance or namespace of that name",
                    self.service
                );
                Error::usage(message, "")
            });
        }
        let entries = source.load(name, &Wanted::Nothing).entries;
        let failure = |reason: &str, help: String| {
            let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
            Some(Error::usage(format!("nothing of `{shown}` is checked{reason}"), help))
        };
        // A file that is gone changes its service, which is checked.
        let is_there = self.word.symlink_metadata().is_ok();
        if let Some(inside) = self.inside.as_deref().filter(|_| is_there)
            && let Some((entry, is_deeper)) = entry_of(inside, &entries)
        {
            let path = format!("{}/{}", self.service, entry.name);
            let is_directory = matches!(entry.kind, EntryKind::Directory | EntryKind::Link(Link::Directory));
            if said.has_error(&path) {
                return None;
            }
            if is_deeper || is_directory {
                let help = self.help_if_tree(tree).unwrap_or_default();
                return failure("PaaSTA looks into no directory inside of a service", help);
            }
            if entry.name == Deployments::FILE_NAME {
                return None;
            }
            if !is_yaml(&entry.name) {
                return failure("soalint checks the YAML files of a service", String::new());
            }
            if said.unknown.contains(&path) {
                let reason = "soalint does not know files of this kind, and only reads them as YAML";
                return failure(reason, String::new());
            }
            return None;
        }
        let is_checked = |entry: &RawEntry| {
            is_yaml(&entry.name) && !said.unknown.contains(&format!("{}/{}", self.service, entry.name))
        };
        if entries.iter().any(is_checked) || said.has_error(&self.service) {
            return None;
        }
        let none = || format!("`{}` has no file that PaaSTA reads", self.service);
        failure("", self.help_if_tree(tree).unwrap_or_else(none))
    }

    /// What to do if the service is probably a tree: directories in its directory hold files of services, and it has
    /// none of its own.
    fn help_if_tree(&self, tree: &Tree) -> Option<String> {
        let name = tree.disk.service_names().iter().find(|known| known.text == self.service)?;
        let entries = tree.disk.load(name, &Wanted::Everything).entries;
        let path = format!("{}{}", tree.prefix(), self.service);
        let has_own = entries.iter().any(|entry| entry.kind.is_file() && is_configuration(&entry.name));
        let is_tree = !has_own && entries.iter().any(|entry| entry.inside.is_some());
        is_tree.then(|| format!("if `{path}` is the root of the tree, name it with `-d {path}`"))
    }
}

/// Whether no file of a service names that instance or namespace, all of them known.
fn lacks(service: &Service, name: &str) -> bool {
    let mut naming = service.documents.iter().filter(|document| {
        opened_as(document.name()).is_some() || ["smartstack.yaml", "service.yaml"].contains(&document.name())
    });
    let may_have = |document: &Document| match document.tree().map(Yaml::root) {
        Some(root) if document.name() == "service.yaml" => root.get("smartstack").is_some(),
        Some(root) => {
            root.kind() != Kind::Map && root.kind() != Kind::Null
                || root.entries().any(|entry| entry.key.repr() == name)
        }
        None => true,
    };
    service.error.is_none() && !naming.any(may_have)
}

/// The entry of a service that a path below its directory leads to or through, and whether through.
fn entry_of<'e>(inside: &Path, entries: &'e [RawEntry]) -> Option<(&'e RawEntry, bool)> {
    let mut steps = inside.components();
    let Some(Component::Normal(first)) = steps.next() else { return None };
    let first = printable(first);
    let entry = entries.iter().find(|entry| entry.name == first)?;
    Some((entry, steps.next().is_some()))
}
