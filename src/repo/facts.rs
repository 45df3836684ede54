//! What rules of the whole tree need to know of each service.

mod dependencies;

use crate::diagnostic::Place;
use crate::effective::{Registered, registered};
use crate::model::kind::FileKind;
use crate::yaml::{Entry, Kind, Value};

use super::{Document, Service};

/// What is kept of a service once its own rules have run.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each asked for by name")]
pub struct ServiceFacts {
    /// Name of the service.
    pub name: String,
    /// Whether findings about it are reported.
    pub selected: bool,
    /// Whether smartstack.yaml was read and parsed, or is absent; only then is a missing
    /// namespace surely missing.
    pub namespaces_known: bool,
    /// SmartStack namespaces, in the order of the file.
    pub namespaces: Vec<NamespaceFact>,
    /// Their positions, sorted by name.
    pub(crate) namespaces_by_name: Vec<usize>,
    /// Whether every chronos file was read and parsed.
    pub jobs_known: bool,
    /// Chronos jobs of all clusters.
    pub jobs: Vec<Job>,
    /// Where Marathon instances register by their own `registrations`.
    pub registrations: Vec<Registration>,
    /// Namespaces that its lists of dependencies name.
    pub dependencies: Vec<Dependency>,
    /// Whether the service has Marathon instances, all of which could be read, so that a namespace
    /// that none of them uses is surely not used by its own service.
    pub uses_known: bool,
    /// Team names with their places, for spotting near-duplicates.
    pub teams: Vec<(String, Place)>,
}

/// One namespace of a smartstack.yaml.
#[derive(Debug)]
pub struct NamespaceFact {
    /// Its name.
    pub name: String,
    /// The key.
    pub place: Place,
    /// Whether its value is a mapping.
    pub is_mapping: bool,
    /// Whether an instance of its own service registers there.
    pub is_used: bool,
    /// `proxy_port`.
    pub port: PortFact,
    /// `mode`, where it is text.
    pub mode: Option<String>,
    /// `proxied_through`.
    pub proxied_through: Option<ProxiedThrough>,
}

/// What a namespace says of its port.
#[derive(Debug)]
pub enum PortFact {
    /// No such key.
    Absent,
    /// `proxy_port: null`: discovery only.
    Null,
    /// A number, and the place of the value.
    Number(i64, Place),
    /// Something else.
    Other,
}

/// Where a namespace sends its requests first.
#[derive(Debug)]
pub struct ProxiedThrough {
    /// `service.namespace`, as written.
    pub target: String,
    /// The value.
    pub place: Place,
}

/// One chronos job.
#[derive(Debug)]
pub struct Job {
    /// Cluster of its file.
    pub cluster: String,
    /// Its name.
    pub name: String,
    /// The key.
    pub place: Place,
    /// Jobs it waits for; empty where it has a schedule, which wins.
    pub parents: Vec<Parent>,
    /// Parents that service.yaml gives to a job with a schedule: it does not wait for them, but
    /// `paasta validate` of 0.66 wants them to be right.
    pub idle_parents: Vec<Parent>,
    /// When it runs, as written, if that is text of a usual length.
    pub schedule: Option<Scheduled>,
    /// Whether it is switched off.
    pub disabled: bool,
}

/// A schedule.
#[derive(Debug)]
pub struct Scheduled {
    /// As written.
    pub text: String,
    /// The value.
    pub place: Place,
}

/// Longest schedule that is kept, in bytes: a small file can name a long one thousands of times.
const LONGEST_SCHEDULE: usize = 100;

/// One entry of `parents`.
#[derive(Debug)]
pub struct Parent {
    /// `service.job`, as written.
    pub name: String,
    /// The value.
    pub place: Place,
}

/// One entry of `registrations` (or `nerve_ns`).
#[derive(Debug)]
pub struct Registration {
    /// Cluster of the file.
    pub cluster: String,
    /// The instance that registers.
    pub instance: String,
    /// `service.namespace`, as written.
    pub target: String,
    /// The value.
    pub place: Place,
}

/// A `smartstack` entry of a list of dependencies.
#[derive(Debug)]
pub struct Dependency {
    /// `service.namespace`, as written.
    pub target: String,
    /// The value.
    pub place: Place,
    /// An instance with an outbound firewall that the list opens, if there is one.
    pub firewall_of: Option<String>,
}

impl ServiceFacts {
    /// What the tree needs to know of `service`.
    pub fn of(service: &Service, selected: bool) -> Self {
        let mut facts = ServiceFacts {
            name: service.name.clone(),
            selected,
            namespaces_known: service.error.is_none(),
            jobs_known: service.error.is_none(),
            ..ServiceFacts::default()
        };
        if service.document("service.yaml").is_some_and(|document| document.tree().is_none()) {
            // It could replace smartstack.yaml.
            facts.namespaces_known = false;
        }
        // `smartstack:` in service.yaml replaces the file (paasta-behaviour.md section 2).
        let replaced = service.mapping("service.yaml").and_then(|(document, root)| {
            let entry = root.entry("smartstack")?;
            Some((document, entry.value))
        });
        if let Some((document, value)) = replaced {
            facts.add_namespaces(document, value);
        }
        let default = |key: &str| service.defaults().and_then(|(d, root)| Some((d, root.get(key)?)));
        let disabled = default("disabled").and_then(|(_, value)| value.as_bool()) == Some(true);
        let defaults = JobDefaults { disabled, parents: default("parents") };
        for document in &service.documents {
            let root = document.tree().map(crate::yaml::Tree::root);
            match (document.kind, root) {
                (Some(FileKind::Smartstack), Some(root)) if replaced.is_none() => {
                    facts.add_namespaces(document, root);
                }
                (Some(FileKind::Smartstack), None) if replaced.is_none() => facts.namespaces_known = false,
                (Some(FileKind::Chronos), Some(root)) => {
                    facts.add_jobs(document, root, &defaults);
                    facts.add_instance_teams(document, root);
                }
                (Some(FileKind::Chronos), None) => facts.jobs_known = false,
                (Some(FileKind::Marathon), Some(root)) => {
                    facts.add_registrations(document, root);
                    facts.add_instance_teams(document, root);
                }
                (Some(FileKind::Monitoring), Some(root)) => {
                    if let Some((team, value)) = root.get("team").and_then(|v| Some((v.as_str()?, v))) {
                        facts.teams.push((team.to_owned(), document.place(value.span())));
                    }
                }
                _ => {}
            }
        }
        facts.namespaces_by_name = (0..facts.namespaces.len()).collect();
        let namespaces = &facts.namespaces;
        facts.namespaces_by_name.sort_by_key(|index| namespaces.get(*index).map(|namespace| &namespace.name));
        facts.add_uses(service);
        facts.dependencies = dependencies::of(service);
        facts.shrink();
        facts
    }

    /// Gives back what its lists do not need: all services have facts at the same time.
    fn shrink(&mut self) {
        self.namespaces.shrink_to_fit();
        self.jobs.shrink_to_fit();
        self.registrations.shrink_to_fit();
        self.dependencies.shrink_to_fit();
        self.teams.shrink_to_fit();
    }

    /// The namespace of that name.
    pub fn namespace(&self, name: &str) -> Option<&NamespaceFact> {
        let at = |index: &usize| self.namespaces.get(*index).map_or("", |namespace| namespace.name.as_str());
        let found = self.namespaces_by_name.binary_search_by(|index| at(index).cmp(name)).ok()?;
        self.namespaces.get(*self.namespaces_by_name.get(found)?)
    }

    /// Whether no rule of the tree can tell the two apart, wherever in their files things stand.
    ///
    /// Every field is named, so that one that is added is not forgotten here.
    pub(crate) fn means_the_same_as(&self, other: &Self) -> bool {
        let Self {
            name,
            selected: _,
            namespaces_known,
            namespaces,
            namespaces_by_name: _,
            jobs_known,
            jobs,
            registrations,
            dependencies,
            uses_known,
            teams,
        } = self;
        let is_same_team = |(own, place): &(String, Place), (team, other): &(String, Place)| {
            own == team && is_same_text(place, other)
        };
        *name == other.name
            && *namespaces_known == other.namespaces_known
            && *jobs_known == other.jobs_known
            && *uses_known == other.uses_known
            && all_alike(namespaces, &other.namespaces, NamespaceFact::means_the_same_as)
            && all_alike(jobs, &other.jobs, Job::means_the_same_as)
            && all_alike(registrations, &other.registrations, Registration::means_the_same_as)
            && all_alike(dependencies, &other.dependencies, Dependency::means_the_same_as)
            && all_alike(teams, &other.teams, is_same_team)
    }

    fn add_namespaces(&mut self, document: &Document, root: Value<'_>) {
        for Entry { key, value, .. } in mapping_entries(root) {
            let Some(name) = key.as_str() else {
                // `5:` is called `5` wherever PaaSTA puts the service in front.
                self.namespaces_known = false;
                continue;
            };
            self.namespaces.push(NamespaceFact {
                name: name.to_owned(),
                place: document.place(key.span()),
                is_mapping: value.kind() == Kind::Map,
                is_used: false,
                port: port_fact(document, value),
                mode: value.get("mode").and_then(Value::as_str).map(str::to_owned),
                proxied_through: value.get("proxied_through").and_then(|target| {
                    let place = document.place(target.span());
                    // An empty text counts as absent.
                    let target = target.as_str().filter(|target| !target.is_empty())?;
                    Some(ProxiedThrough { target: target.to_owned(), place })
                }),
            });
        }
    }

    /// Teams that instances name themselves, each where it is written.
    fn add_instance_teams(&mut self, document: &Document, root: Value<'_>) {
        for Entry { value: body, .. } in mapping_entries(root) {
            if body.kind() != Kind::Map || body.is_alias() {
                continue;
            }
            let Some(monitoring) = body.entry("monitoring") else { continue };
            if monitoring.merged_from().is_some() || monitoring.value.is_alias() {
                continue;
            }
            if let Some((team, value)) = monitoring.value.get("team").and_then(|v| Some((v.as_str()?, v))) {
                self.teams.push((team.to_owned(), document.place(value.span())));
            }
        }
    }

    fn add_jobs(&mut self, document: &Document, root: Value<'_>, defaults: &JobDefaults<'_>) {
        let Some(cluster) = &document.cluster else { return };
        for Entry { key, value, .. } in mapping_entries(root) {
            let Some(name) = key.as_str() else { continue };
            let schedule = value.get("schedule").filter(|schedule| schedule.kind() != Kind::Null);
            let scheduled = schedule.is_some();
            let schedule = schedule.and_then(|schedule| {
                let text = schedule.as_str().filter(|text| text.len() <= LONGEST_SCHEDULE)?;
                Some(Scheduled { text: text.to_owned(), place: document.place(schedule.span()) })
            });
            let parents = match value.get("parents") {
                Some(parents) if !scheduled => parent_list(document, parents),
                _ => Vec::new(),
            };
            let idle_parents = match defaults.parents {
                Some((document, list)) if scheduled && value.get("parents").is_none() => {
                    parent_list(document, list)
                }
                _ => Vec::new(),
            };
            self.jobs.push(Job {
                cluster: cluster.clone(),
                name: name.to_owned(),
                place: document.place(key.span()),
                parents,
                idle_parents,
                schedule,
                disabled: value
                    .get("disabled")
                    .map_or(defaults.disabled, |value| value.as_bool() == Some(true)),
            });
        }
    }

    /// Finds out in which of its own namespaces the service's instances register
    /// (paasta-behaviour.md section 4, registrations).
    fn add_uses(&mut self, service: &Service) {
        let defaults = service.mapping("service.yaml");
        let default = |key: &str| defaults.and_then(|(document, root)| Some((document, root.get(key)?)));
        let inherited = default("registrations").filter(|(_, list)| list.kind() == Kind::Seq);
        let mut used: Vec<&str> = Vec::new();
        let mut has_marathon = false;
        for document in service.documents.iter().filter(|document| document.kind == Some(FileKind::Marathon))
        {
            let Some(root) = document.tree().map(crate::yaml::Tree::root) else { continue };
            for Entry { key, value, .. } in mapping_entries(root) {
                has_marathon = true;
                match registered(service, value) {
                    Registered::List(list) => {
                        used.extend(list.items().filter_map(|item| {
                            item.as_str()?.strip_prefix(&service.name)?.strip_prefix('.')
                        }));
                    }
                    Registered::Namespace(name) => used.push(name.text()),
                    Registered::Name | Registered::NotList(_) => used.extend(key.as_str()),
                }
            }
        }
        if has_marathon && let Some((document, list)) = inherited {
            for item in list.items() {
                let Some(target) = item.as_str() else { continue };
                self.registrations.push(Registration {
                    cluster: String::new(),
                    instance: String::new(),
                    target: target.to_owned(),
                    place: document.place(item.span()),
                });
            }
        }
        // Services from before PaaSTA are placed by their own files and keys.
        let is_classic = service.has_entry("port") || default("runs_on").is_some();
        self.uses_known = has_marathon && !is_classic && service.knows_all_instances();
        used.sort_unstable();
        for namespace in &mut self.namespaces {
            namespace.is_used = used.binary_search(&namespace.name.as_str()).is_ok();
        }
    }

    fn add_registrations(&mut self, document: &Document, root: Value<'_>) {
        let Some(cluster) = &document.cluster else { return };
        for Entry { key, value, .. } in mapping_entries(root) {
            let Some(instance) = key.as_str() else { continue };
            let Some(list) = value.get("registrations").filter(|list| list.kind() == Kind::Seq) else {
                continue;
            };
            for item in list.items() {
                let Some(target) = item.as_str() else { continue };
                self.registrations.push(Registration {
                    cluster: cluster.clone(),
                    instance: instance.to_owned(),
                    target: target.to_owned(),
                    place: document.place(item.span()),
                });
            }
        }
    }
}

impl NamespaceFact {
    fn means_the_same_as(&self, other: &Self) -> bool {
        let Self { name, place, is_mapping, is_used, port, mode, proxied_through } = self;
        let is_same_port = match (port, &other.port) {
            (PortFact::Number(own, place), PortFact::Number(port, other)) => {
                own == port && is_same_text(place, other)
            }
            (own, port) => std::mem::discriminant(own) == std::mem::discriminant(port),
        };
        let is_same_proxy = match (proxied_through, &other.proxied_through) {
            (Some(own), Some(proxy)) => own.target == proxy.target && is_same_text(&own.place, &proxy.place),
            (own, proxy) => own.is_none() && proxy.is_none(),
        };
        *name == other.name
            && *is_mapping == other.is_mapping
            && *is_used == other.is_used
            && *mode == other.mode
            && is_same_port
            && is_same_proxy
            && is_same_text(place, &other.place)
    }
}

impl Job {
    fn means_the_same_as(&self, other: &Self) -> bool {
        let Self { cluster, name, place, parents, idle_parents, schedule, disabled } = self;
        let is_same_parent = |own: &Parent, parent: &Parent| {
            own.name == parent.name && is_same_text(&own.place, &parent.place)
        };
        let is_same_schedule = match (schedule, &other.schedule) {
            (Some(own), Some(schedule)) => {
                own.text == schedule.text && is_same_text(&own.place, &schedule.place)
            }
            (own, schedule) => own.is_none() && schedule.is_none(),
        };
        *cluster == other.cluster
            && *name == other.name
            && is_same_schedule
            && *disabled == other.disabled
            && is_same_text(place, &other.place)
            && all_alike(parents, &other.parents, is_same_parent)
            && all_alike(idle_parents, &other.idle_parents, is_same_parent)
    }
}

impl Registration {
    fn means_the_same_as(&self, other: &Self) -> bool {
        let Self { cluster, instance, target, place } = self;
        *cluster == other.cluster
            && *instance == other.instance
            && *target == other.target
            && is_same_text(place, &other.place)
    }
}

impl Dependency {
    fn means_the_same_as(&self, other: &Self) -> bool {
        let Self { target, place, firewall_of } = self;
        *target == other.target && *firewall_of == other.firewall_of && is_same_text(place, &other.place)
    }
}

/// What service.yaml gives to every job that does not say otherwise.
struct JobDefaults<'a> {
    /// Whether it is switched off.
    disabled: bool,
    /// What it waits for, and the file.
    parents: Option<(&'a Document, Value<'a>)>,
}

/// Whether the file and the text there are the same: line numbers do not count.
fn is_same_text(place: &Place, other: &Place) -> bool {
    place.file == other.file && place.text() == other.text()
}

fn all_alike<T>(own: &[T], other: &[T], is_alike: impl Fn(&T, &T) -> bool) -> bool {
    own.len() == other.len() && own.iter().zip(other).all(|(own, other)| is_alike(own, other))
}

fn mapping_entries(value: Value<'_>) -> impl Iterator<Item = Entry<'_>> {
    (value.kind() == Kind::Map).then(|| value.entries()).into_iter().flatten()
}

fn port_fact(document: &Document, namespace: Value<'_>) -> PortFact {
    if namespace.kind() != Kind::Map {
        return PortFact::Absent;
    }
    match namespace.get("proxy_port") {
        None => PortFact::Absent,
        Some(port) if port.kind() == Kind::Null => PortFact::Null,
        Some(port) => match port.as_i64() {
            Some(number) => PortFact::Number(number, document.place(port.span())),
            None => PortFact::Other,
        },
    }
}

/// `parents` may be a list or a single name (paasta-behaviour.md section 14 row 19).
fn parent_list(document: &Document, parents: Value<'_>) -> Vec<Parent> {
    let one = |value: Value<'_>| {
        Some(Parent { name: value.as_str()?.to_owned(), place: document.place(value.span()) })
    };
    match parents.kind() {
        Kind::Seq => parents.items().filter_map(one).collect(),
        _ => one(parents).into_iter().collect(),
    }
}
