//! Which services and instances are meant.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::check::{CheckedTree, PayloadKind, Scope};
use crate::model::kind::FileKind;
use crate::repo::{Document, Service, TreeSource as _};
use crate::rules::support::words;
use crate::suggest;
use crate::text::printable;
use crate::yaml::Kind;

use super::named::{Named, Said};
use super::tree::{Meant, Tree};
use super::{Error, orientation};

/// Which services and instances are meant.
pub(super) struct Selected {
    /// What is meant of each service; no services are all of them.
    services: BTreeMap<String, Parts>,
    /// The clusters of the files that were named.
    clusters: BTreeSet<String>,
    /// The files of instances that were named.
    files: Vec<InstanceFile>,
    /// All paths that were named.
    paths: Vec<Named>,
}

/// What is meant of a service: all of it, or only some.
#[derive(Default)]
struct Parts {
    is_whole: bool,
    instances: BTreeSet<String>,
    /// The files of instances, by kind and cluster.
    files: BTreeSet<(FileKind, String)>,
}

/// A file of instances that the command line names.
struct InstanceFile {
    /// As written there.
    word: String,
    service: String,
    kind: FileKind,
    cluster: String,
}

impl Selected {
    /// Understands what `check` does: names (`SERVICE`, `SERVICE.INSTANCE`) and paths of the tree. A path means
    /// its service, but that of a file of instances also the file and its cluster.
    pub(super) fn of(selectors: &[String], tree: &Tree) -> Result<Self, Error> {
        let mut selected = Self {
            services: BTreeMap::new(),
            clusters: BTreeSet::new(),
            files: Vec::new(),
            paths: Vec::new(),
        };
        let mut is_everything = selectors.is_empty();
        for selector in selectors {
            match tree.meaning(Path::new(selector)) {
                Ok(Meant::Tree) => is_everything = true,
                Ok(Meant::Service { service, instance: Some(instance), .. }) => {
                    selected.services.entry(service).or_default().instances.insert(instance);
                }
                Ok(Meant::Service { service, inside, .. }) => {
                    let parts = selected.services.entry(service.clone()).or_default();
                    let file = inside.as_deref().and_then(Path::to_str).and_then(opened_as);
                    if let Some((kind, cluster)) = file.filter(|(_, cluster)| !cluster.is_empty()) {
                        let (word, cluster) = (selector.clone(), cluster.to_owned());
                        parts.files.insert((kind, cluster.clone()));
                        selected.clusters.insert(cluster.clone());
                        selected.files.push(InstanceFile { word, service: service.clone(), kind, cluster });
                    } else {
                        parts.is_whole = true;
                    }
                    let path = Named { word: selector.into(), service, instance: None, inside };
                    if let Some(error) = path.missing(tree) {
                        return Err(error);
                    }
                    selected.paths.push(path);
                }
                Ok(Meant::Removed(service)) => {
                    let message = format!("the directory of the service `{service}` is gone");
                    return Err(Error::usage(message, ""));
                }
                Err(_) if !is_path(selector) => return Err(unknown(selector, tree)),
                Err(error) => return Err(error),
            }
        }
        if is_everything {
            selected.services.clear();
        }
        Ok(selected)
    }

    /// Refuses paths of which PaaSTA reads nothing.
    pub(super) fn check_paths(&self, tree: &Tree, checked: &CheckedTree) -> Result<(), Error> {
        let said = Said::by(checked.outcome());
        let inside = self.paths.iter().filter(|path| path.inside.is_some());
        let mut wrong = inside.filter_map(|path| path.failure(tree, &tree.disk, &said));
        wrong.next().map_or(Ok(()), Err)
    }

    /// The clusters of the files that were named.
    pub(super) const fn clusters(&self) -> &BTreeSet<String> {
        &self.clusters
    }

    /// Refuses files of instances that are not what the rest of the command line asks for: of other kinds than
    /// `kinds`, or of other clusters. Without `named` clusters those of the files are meant.
    pub(super) fn check_files(&self, kinds: &[FileKind], named: &[String]) -> Result<(), Error> {
        for InstanceFile { word, kind, cluster, .. } in &self.files {
            let word = printable(word);
            if !kinds.contains(kind) {
                let kind = kind.name();
                return Err(Error::usage(
                    format!("`{word}` is a file of {kind} instances, and nothing else is in it"),
                    format!("soalint emit {kind} {word}"),
                ));
            }
            if !named.is_empty() && !named.contains(cluster) {
                return Err(Error::usage(
                    format!(
                        "`{word}` is for the cluster `{}`, not for {}",
                        printable(cluster),
                        words::list(named.iter().map(String::as_str), MOST_NAMES, " or ")
                    ),
                    "name the file of that cluster, or leave out --cluster",
                ));
            }
        }
        Ok(())
    }

    /// Refuses files of instances, each of one cluster, beside an option that means all of them.
    pub(super) fn refuse_files(&self, option: &str) -> Result<(), Error> {
        let Some(InstanceFile { word, cluster, .. }) = self.files.first() else { return Ok(()) };
        let (word, cluster) = (printable(word), printable(cluster));
        let message = format!("`{word}` is for the cluster `{cluster}`, and {option} means every cluster");
        Err(Error::usage(message, format!("name the service, or leave out {option}")))
    }

    /// Refuses files of several services that are not all of the same clusters: each service would be given in
    /// all of them.
    pub(super) fn check_clusters_of_files(&self, named: &[String]) -> Result<(), Error> {
        let of_service = |service: &str| -> BTreeSet<&str> {
            let files = self.files.iter().filter(|file| file.service == service);
            files.map(|file| file.cluster.as_str()).collect()
        };
        let Some(first) = self.files.first().filter(|_| named.is_empty()) else { return Ok(()) };
        match self.files.iter().find(|file| of_service(&file.service) != of_service(&first.service)) {
            None => Ok(()),
            Some(other) => Err(Error::usage(
                format!(
                    "`{}` and `{}` are not for the same clusters",
                    printable(&first.word),
                    printable(&other.word)
                ),
                "name services, and clusters with --cluster, or the files of one cluster at a time",
            )),
        }
    }

    /// The services to check.
    pub(super) fn scope(&self) -> Scope {
        if self.services.is_empty() {
            return Scope::Everything;
        }
        Scope::Services(self.services.keys().cloned().collect())
    }

    /// Whether an instance is meant.
    pub(super) fn includes(&self, service: &str, instance: &str) -> bool {
        self.services.get(service).is_none_or(|parts| {
            parts.is_whole || !parts.files.is_empty() || parts.instances.contains(instance)
        })
    }

    /// Whether an instance of that file is meant.
    pub(super) fn includes_in(&self, service: &str, file: (FileKind, &str), instance: &str) -> bool {
        self.services
            .get(service)
            .is_none_or(|parts| parts.is_whole || parts.instances.contains(instance) || parts.has_file(file))
    }

    /// Whether the file itself is named.
    pub(super) fn names_file(&self, service: &str, file: (FileKind, &str)) -> bool {
        self.services.get(service).is_some_and(|parts| parts.has_file(file))
    }

    /// Whether nothing but files is meant of a service.
    pub(super) fn is_files_only(&self, service: &str) -> bool {
        self.services.get(service).is_some_and(|parts| !parts.is_whole && parts.instances.is_empty())
    }

    /// Whether a service is meant, or something of it.
    pub(super) fn has_service(&self, service: &str) -> bool {
        self.services.is_empty() || self.services.contains_key(service)
    }

    /// Whether an instance is meant, though more was checked than is.
    pub(super) fn wants(&self, service: &str, instance: &str) -> bool {
        self.has_service(service) && self.includes(service, instance)
    }

    /// Whether the run is about a payload, given its service (none: it is about several).
    pub(super) fn covers(&self, service: Option<&str>, payload: &str) -> bool {
        let Some(service) = service else { return true };
        let instance = payload.strip_prefix(service).and_then(|rest| rest.strip_prefix('.'));
        self.has_service(service)
            && instance.is_none_or(|name| {
                // A check of a job that has the name of an instance, too (`sensu::compile`).
                let job = name.strip_suffix(".chronos");
                self.includes(service, name) || job.is_some_and(|job| self.includes(service, job))
            })
    }

    /// Refuses names of instances that no file of these kinds and clusters has; no clusters are all.
    pub(super) fn check_names(
        &self,
        checked: &CheckedTree,
        kinds: &[FileKind],
        named: &[&str],
    ) -> Result<(), Error> {
        for (service, wanted) in self.narrowed(checked) {
            // What could not be read may have it.
            let is_unread = |document: &Document| {
                opened_as(document.name()).is_some_and(|(kind, cluster)| {
                    kinds.contains(&kind) && (named.is_empty() || named.contains(&cluster))
                }) && !is_known(document)
            };
            if service.error.is_some() || service.documents.iter().any(is_unread) {
                continue;
            }
            let known = Instances::of(service);
            if let Some(missing) = wanted.iter().find(|name| !known.has(name, kinds, named)) {
                let place = match named {
                    [cluster] => format!(" in the cluster `{}`", printable(cluster)),
                    [] => String::new(),
                    _ => " in these clusters".to_owned(),
                };
                let kinds_named: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
                let message = format!(
                    "`{}` has no {} instance `{}`{place}",
                    printable(&service.name),
                    listed(&kinds_named, "or"),
                    printable(missing),
                );
                return Err(Error::usage(message, known.advice(missing, kinds, named)));
            }
        }
        Ok(())
    }

    /// Refuses names of namespaces that the service does not have.
    pub(super) fn check_namespaces(&self, checked: &CheckedTree) -> Result<(), Error> {
        for (service, wanted) in self.narrowed(checked) {
            if !checked.unread(service, PayloadKind::Synapse, None).is_empty() {
                continue;
            }
            let found = checked.namespaces(service, PayloadKind::Synapse);
            let known: Vec<String> = found
                .into_iter()
                .map(|found| found.map_or_else(|held| held.name, |valid| valid.name().to_owned()))
                .collect();
            if let Some(missing) = wanted.iter().find(|name| !known.contains(name)) {
                let near = suggest::nearest(missing, known.iter().map(String::as_str));
                let help = match (near, known.as_slice()) {
                    (Some(near), _) => format!("did you mean `{}`?", printable(near)),
                    (None, []) => "it has no namespaces".to_owned(),
                    (None, all) => {
                        let names: Vec<&str> = all.iter().map(String::as_str).take(MOST_NAMES).collect();
                        format!("its namespaces: {}", printable(&names.join(", ")))
                    }
                };
                let (service, missing) = (printable(&service.name), printable(missing));
                return Err(Error::usage(format!("`{service}` has no namespace `{missing}`"), help));
            }
        }
        Ok(())
    }

    /// Refuses names of instances for what is made of whole services: `what` says so.
    pub(super) fn check_whole(&self, what: &str) -> Result<(), Error> {
        match self.services.iter().find(|(_, parts)| !parts.is_whole && !parts.instances.is_empty()) {
            Some((service, _)) => Err(Error::usage(format!("{what}: write `{}`", printable(service)), "")),
            None => Ok(()),
        }
    }

    /// The services of which only some instances are meant.
    fn narrowed<'a>(
        &'a self,
        checked: &'a CheckedTree,
    ) -> impl Iterator<Item = (&'a Service, &'a BTreeSet<String>)> {
        let services = checked.services().iter();
        services.filter_map(|service| {
            let parts = self.services.get(&service.name)?;
            (!parts.is_whole && !parts.instances.is_empty()).then_some((service, &parts.instances))
        })
    }
}

impl Parts {
    fn has_file(&self, (kind, cluster): (FileKind, &str)) -> bool {
        self.files.iter().any(|(own, of)| *own == kind && of == cluster)
    }
}

/// Whether a selector that means nothing can only be meant as a path.
fn is_path(selector: &str) -> bool {
    selector.contains('/') || Path::new(selector).symlink_metadata().is_ok()
}

/// A selector whose service is not there.
fn unknown(selector: &str, tree: &Tree) -> Error {
    let service = selector.split_once('.').map_or(selector, |(service, _)| service);
    let service = if service.is_empty() { selector } else { service };
    let near = suggest::nearest(service, tree.disk.service_names().iter().map(|name| name.text.as_str()));
    Error::usage(
        format!("there is no service `{}` in the tree", printable(service)),
        match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => orientation::doubt(tree).unwrap_or_default(),
        },
    )
}

/// Whether the instances of a file are known.
fn is_known(document: &Document) -> bool {
    document.tree().is_some_and(|tree| matches!(tree.root().kind(), Kind::Map | Kind::Null))
}

/// Names that an answer lists at most.
const MOST_NAMES: usize = 10;

/// The instances of a service, by kind and cluster.
struct Instances<'a> {
    service: &'a str,
    all: Vec<(FileKind, &'a str, Cow<'a, str>)>,
}

impl<'a> Instances<'a> {
    fn of(service: &'a Service) -> Self {
        let of_file = |document: &'a Document| {
            let (kind, cluster) = opened_as(document.name())?;
            let entries = document.tree()?.root().entries();
            Some(entries.map(move |entry| (kind, cluster, entry.key.repr())))
        };
        let all = service.documents.iter().filter_map(of_file).flatten().collect();
        Self { service: &service.name, all }
    }

    fn has(&self, name: &str, kinds: &[FileKind], clusters: &[&str]) -> bool {
        let is_meant = |(kind, cluster, known): &(FileKind, &str, Cow<'_, str>)| {
            *known == name && kinds.contains(kind) && (clusters.is_empty() || clusters.contains(cluster))
        };
        self.all.iter().any(is_meant)
    }

    /// Where there is such an instance, or what is called nearly so.
    fn advice(&self, name: &str, kinds: &[FileKind], named: &[&str]) -> String {
        let clusters: BTreeSet<&str> = self
            .all
            .iter()
            .filter(|(kind, _, known)| *known == name && kinds.contains(kind))
            .map(|(_, cluster, _)| *cluster)
            .collect();
        if !clusters.is_empty() {
            let shown: Vec<&str> = clusters.into_iter().take(MOST_NAMES).collect();
            return format!("it is in {}", printable(&listed(&shown, "and")));
        }
        let full = printable(&format!("{}.{name}", self.service));
        if let Some((kind, _, _)) = self.all.iter().find(|(_, _, known)| *known == name) {
            let kind = kind.name();
            let article = if kind.starts_with('a') { "an" } else { "a" };
            return format!("`{full}` is {article} {kind} instance: soalint emit {kind} {full}");
        }
        let near = |named: &[&str]| {
            let all = self.all.iter().filter(|(_, cluster, _)| named.is_empty() || named.contains(cluster));
            suggest::nearest(name, all.map(|(_, _, known)| known.as_ref()))
        };
        match near(named).or_else(|| near(&[])) {
            Some(near) => format!("did you mean `{}`?", printable(near)),
            None => String::new(),
        }
    }
}

/// Kind and cluster of a file with instances. PaaSTA opens it by its name, whatever the cluster looks like.
pub(super) fn opened_as(name: &str) -> Option<(FileKind, &str)> {
    let mut kinds = FileKind::ALL.into_iter().filter(|kind| kind.has_instances());
    kinds.find_map(|kind| {
        let cluster = name.strip_prefix(kind.name())?.strip_prefix('-')?.strip_suffix(".yaml")?;
        Some((kind, cluster))
    })
}

/// `a`, `a or b`, `a, b or c`.
fn listed(names: &[&str], last: &str) -> String {
    match names.split_last() {
        Some((end, [])) => (*end).to_owned(),
        Some((end, before)) => format!("{} {last} {end}", before.join(", ")),
        None => String::new(),
    }
}
