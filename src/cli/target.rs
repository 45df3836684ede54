//! Where payloads are for: cluster, system configuration, counts, time; and which instances.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::{CheckedTree, Scope};
use crate::config::Settings;
use crate::effective::{ASSUMED_REGISTRY, System, entries};
use crate::emit::Context;
use crate::emit::adhoc::Machine;
use crate::model::kind::FileKind;
use crate::repo::TreeSource as _;

use crate::suggest;
use crate::text::printable;

use super::Error;
use super::args::{EmitArgs, TargetArgs};
use super::files;
use super::tree::Tree;

/// What the command line says about the surroundings of the tree.
pub(super) struct Target {
    /// The system configuration.
    pub(super) system: System,
    /// Counts of the autoscaler.
    pub(super) counts: BTreeMap<String, i64>,
    /// Time for date strings.
    pub(super) now: jiff::civil::DateTime,
    /// Stand-ins for the machine of local-run.
    pub(super) machine: Machine,
    require_deployments: bool,
}

/// The clusters to compile for.
#[derive(Debug)]
pub(super) enum Clusters {
    /// One: its payloads are the document.
    One(String),
    /// Several: each has a part of the document.
    Several(Vec<String>),
}

impl Clusters {
    /// The clusters that the arguments name; else the system's, or the only one of the tree.
    pub(super) fn of(args: &EmitArgs, target: &Target, checked: &CheckedTree) -> Result<Self, Error> {
        let in_tree = clusters(checked);
        if args.all_clusters {
            return Ok(Self::Several(in_tree.into_iter().map(str::to_owned).collect()));
        }
        let mut named: Vec<String> = Vec::new();
        for cluster in &args.clusters {
            if !named.contains(cluster) {
                named.push(cluster.clone());
            }
        }
        match (named.pop(), named.is_empty()) {
            (Some(only), true) => return Ok(Self::One(only)),
            (Some(last), false) => {
                named.push(last);
                return Ok(Self::Several(named));
            }
            (None, _) => {}
        }
        if let Some(cluster) = target.system.cluster() {
            return Ok(Self::One(cluster.to_owned()));
        }
        let mut found = in_tree.iter();
        match (found.next(), found.next()) {
            (Some(only), None) => Ok(Self::One((*only).to_owned())),
            (None, _) => {
                Err(Error::usage("the tree has no cluster to compile for", "name one with --cluster"))
            }
            _ => {
                let known = in_tree.into_iter().collect::<Vec<_>>().join(", ");
                let help = format!("name some with --cluster, or take --all-clusters: {known}");
                Err(Error::usage("which cluster?", help))
            }
        }
    }

    /// Their names, in the order of the output.
    pub(super) fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }

    /// Whether each has a part of the document.
    pub(super) const fn is_several(&self) -> bool {
        matches!(self, Self::Several(_))
    }

    /// The only one, for what belongs to one host.
    pub(super) fn only(&self) -> Result<&str, Error> {
        match self {
            Self::One(name) => Ok(name),
            Self::Several(_) => {
                Err(Error::usage("a node stands in one cluster", "name one cluster with --cluster"))
            }
        }
    }
}

impl Target {
    /// Reads what the arguments name.
    pub(super) fn of(args: &TargetArgs) -> Result<Self, Error> {
        let system = match &args.system_config {
            Some(path) => {
                System::load(path).map_err(|error| Error::usage(printable(&error.to_string()), ""))?
            }
            None => System::assumed(),
        };
        let counts = match &args.instance_counts {
            Some(path) => counts(path)?,
            None => BTreeMap::new(),
        };
        let now = args.now.unwrap_or_else(|| jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()));
        let machine = Machine {
            hostname: args.run_host.clone(),
            port: args.run_port,
            container_name: args.run_name.clone(),
        };
        Ok(Self { system, counts, now, machine, require_deployments: args.require_deployments })
    }

    /// The surroundings of every payload.
    pub(super) fn context<'c>(
        &'c self,
        settings: &Settings,
        cluster: &'c str,
        needs_deployments: bool,
    ) -> Context<'c> {
        let dialect = settings.dialect.dialect();
        Context {
            dialect,
            cluster,
            system: &self.system,
            counts: &self.counts,
            now: self.now,
            placeholders: dialect.placeholder_images && !needs_deployments && !self.require_deployments,
        }
    }

    /// Says on stderr what is assumed, and which clusters are unknown.
    pub(super) fn say_assumptions(&self, checked: &CheckedTree, named: &[String]) {
        if !self.system.is_given() {
            eprintln!(
                "note: no --system-config: assuming the registry {ASSUMED_REGISTRY}, PaaSTA's defaults, no volumes \
                 of the system and no expected agents"
            );
        }
        let known = clusters(checked);
        for cluster in named.iter().filter(|name| !known.contains(name.as_str())) {
            let near = suggest::nearest(cluster, known.iter().copied());
            let near = near.map(|near| format!(": did you mean `{near}`?")).unwrap_or_default();
            eprintln!("note: no file of these services is for the cluster `{}`{near}", printable(cluster));
        }
    }
}

/// Clusters that files of the services are for.
fn clusters(checked: &CheckedTree) -> BTreeSet<&str> {
    let documents = checked.services().iter().flat_map(|service| &service.documents);
    documents
        .filter_map(|document| document.cluster.as_deref())
        .filter(|cluster| !cluster.is_empty())
        .collect()
}

fn counts(path: &std::path::Path) -> Result<BTreeMap<String, i64>, Error> {
    let wrong = |reason: String| {
        Error::usage(
            format!("cannot use the instance counts `{}`: {reason}", printable(&path.to_string_lossy())),
            "the file holds a JSON object like {\"service.instance\": 5}",
        )
    };
    let bytes = files::read_whole(path).map_err(|error| wrong(error.to_string()))?;
    serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))
}

/// Which services and instances are meant.
pub(super) struct Selected {
    /// Instances by service; an empty set is all of them.
    services: BTreeMap<String, BTreeSet<String>>,
}

impl Selected {
    /// Understands `SERVICE` and `SERVICE.INSTANCE`.
    pub(super) fn of(selectors: &[String], tree: &Tree) -> Result<Self, Error> {
        let names = tree.disk.service_names();
        let is_service = |name: &str| names.iter().any(|known| known.text == name);
        let mut services: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut whole = BTreeSet::new();
        for selector in selectors {
            if is_service(selector) {
                whole.insert(selector.clone());
                continue;
            }
            let (service, instance) = selector.split_once('.').unwrap_or((selector, ""));
            if !is_service(service) {
                let near = suggest::nearest(service, names.iter().map(|name| name.text.as_str()));
                return Err(Error::usage(
                    format!(
                        "there is no service `{}` in the tree",
                        printable(if service.is_empty() { selector } else { service })
                    ),
                    near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default(),
                ));
            }
            services.entry(service.to_owned()).or_default().insert(instance.to_owned());
        }
        for service in whole {
            services.insert(service, BTreeSet::new());
        }
        Ok(Self { services })
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
        self.services.get(service).is_none_or(|names| names.is_empty() || names.contains(instance))
    }

    /// Whether a service is meant, or something of it.
    pub(super) fn has_service(&self, service: &str) -> bool {
        self.services.is_empty() || self.services.contains_key(service)
    }

    /// Whether an instance is meant, though more was checked than is.
    pub(super) fn wants(&self, service: &str, instance: &str) -> bool {
        self.has_service(service) && self.includes(service, instance)
    }

    /// Refuses names of instances that no file of these kinds and clusters has; no clusters are all.
    pub(super) fn check_names(
        &self,
        checked: &CheckedTree,
        kinds: &[FileKind],
        named: &[&str],
    ) -> Result<(), Error> {
        for service in checked.services() {
            let Some(wanted) = self.services.get(&service.name) else { continue };
            let clusters: BTreeSet<&str> =
                if named.is_empty() { clusters(checked) } else { named.iter().copied().collect() };
            let files = kinds.iter().flat_map(|kind| clusters.iter().map(move |cluster| (*kind, *cluster)));
            let all = files.flat_map(|(kind, cluster)| entries(service, kind, cluster));
            let known: BTreeSet<&str> = all.filter_map(|written| Some(written.ok()?.name)).collect();
            let readable = service.documents.iter().all(|document| document.tree().is_some());
            if let Some(missing) = wanted.iter().find(|name| readable && !known.contains(name.as_str())) {
                let kinds: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
                let place = match named {
                    [cluster] => format!(" in the cluster `{}`", printable(cluster)),
                    [] => String::new(),
                    _ => " in these clusters".to_owned(),
                };
                let near = suggest::nearest(missing, known.iter().copied());
                return Err(Error::usage(
                    format!(
                        "`{}` has no {} instance `{}`{}",
                        service.name,
                        kinds.join(", "),
                        printable(missing),
                        place
                    ),
                    near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default(),
                ));
            }
        }
        Ok(())
    }
}
