//! What a check lets through: the only way to an instance that can be emitted.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Concerned, Diagnostic, Severity, Step};
use crate::effective::{Deployments, Forest, Registered, entries, registered};
use crate::model::kind::FileKind;
use crate::repo::{Document, Service};
use crate::rules::Blocks;
use crate::yaml::{Entry, Kind, Tree};

use super::Outcome;

/// A kind of payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PayloadKind {
    /// Apps for Marathon.
    Marathon,
    /// Jobs for Chronos.
    Chronos,
    /// What local-run gives to Docker.
    Adhoc,
    /// Registration in SmartStack.
    Nerve,
    /// Discovery through SmartStack.
    Synapse,
    /// The load balancer of every host.
    Haproxy,
    /// Alerts.
    Sensu,
    /// The deployment pipeline.
    Jenkins,
}

impl PayloadKind {
    /// Every kind.
    pub const ALL: [PayloadKind; 8] = [
        PayloadKind::Marathon,
        PayloadKind::Chronos,
        PayloadKind::Adhoc,
        PayloadKind::Nerve,
        PayloadKind::Synapse,
        PayloadKind::Haproxy,
        PayloadKind::Sensu,
        PayloadKind::Jenkins,
    ];

    /// The word on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            PayloadKind::Marathon => "marathon",
            PayloadKind::Chronos => "chronos",
            PayloadKind::Adhoc => "adhoc",
            PayloadKind::Nerve => "nerve",
            PayloadKind::Synapse => "synapse",
            PayloadKind::Haproxy => "haproxy",
            PayloadKind::Sensu => "sensu",
            PayloadKind::Jenkins => "jenkins",
        }
    }

    /// Whether it is made of the whole tree.
    pub const fn is_smartstack(self) -> bool {
        matches!(self, PayloadKind::Nerve | PayloadKind::Synapse | PayloadKind::Haproxy)
    }

    /// Whether an error of a rule that blocks `blocks` holds back payloads of this kind.
    pub(super) const fn is_blocked_by(self, blocks: Blocks) -> bool {
        match blocks {
            Blocks::Payloads => true,
            Blocks::JenkinsAndSensu => matches!(self, PayloadKind::Jenkins | PayloadKind::Sensu),
            Blocks::Smartstack => self.is_smartstack(),
            Blocks::Nothing => false,
        }
    }

    /// Whether it tells which image an instance runs.
    const fn takes_images(self) -> bool {
        matches!(self, PayloadKind::Marathon | PayloadKind::Chronos | PayloadKind::Adhoc | PayloadKind::Sensu)
    }

    /// Whether a file that belongs to a whole service has a part in payloads of this kind.
    fn is_made_of(self, file: &str) -> bool {
        match file {
            "service.yaml" => true,
            "smartstack.yaml" => self.is_smartstack() || self == PayloadKind::Marathon,
            // The team owns a job.
            "monitoring.yaml" => matches!(self, PayloadKind::Sensu | PayloadKind::Chronos),
            "deploy.yaml" => self == PayloadKind::Jenkins,
            Deployments::FILE_NAME => {
                matches!(self, PayloadKind::Marathon | PayloadKind::Chronos | PayloadKind::Sensu)
            }
            "dependencies.yaml" => matches!(self, PayloadKind::Marathon | PayloadKind::Chronos),
            _ => false,
        }
    }
}

/// Errors that are named as reasons for one instance or namespace, the first of all: one file can have thousands of
/// both.
pub(super) const MOST_REASONS: usize = 100;

/// A tree after its check: findings, and the services that were checked.
#[derive(Debug)]
pub struct CheckedTree {
    outcome: Outcome,
    services: Vec<Service>,
    /// Services that were not checked, but in whose namespaces checked ones register.
    others: Vec<Service>,
    /// Indexes of the errors in `outcome`, by service.
    errors: BTreeMap<String, Vec<usize>>,
}

impl CheckedTree {
    pub(super) fn new(outcome: Outcome, mut services: Vec<Service>, others: Vec<Service>) -> Self {
        services.sort_by(|a, b| a.name.cmp(&b.name));
        let mut errors: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, diagnostic) in outcome.diagnostics.iter().enumerate() {
            if diagnostic.severity == Severity::Error {
                errors.entry(service_of(diagnostic).to_owned()).or_default().push(index);
            }
        }
        Self { outcome, services, others, errors }
    }

    /// What the check found.
    pub const fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// The services that were checked, sorted by name.
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// All services that are known, for looking up namespaces.
    pub fn forest(&self) -> Forest<'_> {
        Forest::new(self.services.iter().chain(&self.others))
    }

    /// The errors of a service that hold back every payload of that kind in that cluster.
    pub fn service_errors(&self, service: &Service, kind: PayloadKind, cluster: &str) -> Vec<&Diagnostic> {
        let holds = |d: &&Diagnostic| {
            kind.is_blocked_by(d.rule.blocks) && concerns_service(d, service, kind, cluster)
        };
        self.errors_of(service).filter(holds).collect()
    }

    /// The instances of `file_kind` in that cluster: those without an error that holds back a
    /// payload of `kind`, and those that are withheld, each in the order of the file.
    pub fn instances<'a>(
        &'a self,
        service: &'a Service,
        file_kind: FileKind,
        kind: PayloadKind,
        cluster: &str,
    ) -> Vec<Result<ValidInstance<'a>, Withheld<'a>>> {
        let of_service = self.service_errors(service, kind, cluster);
        let mut by_name = self.errors_by_name(service, kind);
        let of_all = by_name.remove("").unwrap_or_default();
        let file = format!("{}-{cluster}.yaml", file_kind.name());
        // Without a name it is the same for all of them.
        let of_file = of_all.iter().filter(|about| about.concerns(&file, cluster, "", &BTreeSet::new()));
        let of_file: Vec<&Diagnostic> = of_file.map(|about| about.error).take(MOST_REASONS).collect();
        let mut found = Vec::new();
        for entry in entries(service, file_kind, cluster) {
            let (name, written, shown) = match entry {
                Ok(written) => (written.name, Some(written), written.name.to_owned()),
                Err(unnamed) => ("", None, unnamed.name),
            };
            let mut reasons: Vec<&Diagnostic> =
                of_service.iter().take(MOST_REASONS).chain(&of_file).copied().collect();
            if !by_name.is_empty() {
                let registers = written.map(|w| registers_in(service, w.entry, name)).unwrap_or_default();
                let own = if written.is_some() { name } else { shown.as_str() };
                let names: BTreeSet<&str> = registers.iter().copied().chain([own]).collect();
                let holds = |about: &&About<'_>| about.concerns(&file, cluster, own, &registers);
                for about in names.iter().filter_map(|name| by_name.get(name)) {
                    reasons.extend(about.iter().filter(holds).take(MOST_REASONS).map(|about| about.error));
                }
            }
            reasons.sort_by(|a, b| a.order(b));
            reasons.dedup_by(|a, b| std::ptr::eq(*a, *b));
            reasons.truncate(MOST_REASONS);
            let document = written.and_then(|w| Some((w, service.documents.get(w.document)?)));
            found.push(match document {
                Some((written, document)) if reasons.is_empty() => {
                    let index = written.document;
                    Ok(ValidInstance {
                        service,
                        document,
                        index,
                        kind: file_kind,
                        name,
                        entry: written.entry,
                    })
                }
                _ => Err(Withheld { service, file: file.clone(), name: shown, reasons }),
            });
        }
        found
    }

    /// The errors of a service that may hold back a payload of that kind, by the names of the
    /// instances or namespaces that they are about; those about a whole file have no name.
    fn errors_by_name<'a>(
        &'a self,
        service: &Service,
        kind: PayloadKind,
    ) -> BTreeMap<&'a str, Vec<About<'a>>> {
        let mut by_name: BTreeMap<&str, Vec<About<'_>>> = BTreeMap::new();
        let blocks = |d: &&Diagnostic| {
            kind.is_blocked_by(d.rule.blocks)
                && (file_name(d) != Deployments::FILE_NAME || kind.takes_images())
        };
        for error in self.errors_of(service).filter(blocks) {
            let own = error.subject.instance.as_deref().unwrap_or("");
            by_name.entry(own).or_default().push(About { error, other: None });
            for other in &error.also {
                by_name.entry(&other.instance).or_default().push(About { error, other: Some(other) });
            }
        }
        by_name
    }

    /// The instances that local-run starts under a name that an adhoc instance may have, too: what
    /// Marathon or Chronos runs comes first (`utils:validate_service_instance`).
    pub fn started_before_adhoc<'a>(
        &'a self,
        service: &'a Service,
        cluster: &str,
    ) -> BTreeMap<String, Result<ValidInstance<'a>, Withheld<'a>>> {
        let mut first = BTreeMap::new();
        for (file, kind) in
            [(FileKind::Marathon, PayloadKind::Marathon), (FileKind::Chronos, PayloadKind::Chronos)]
        {
            for found in self.instances(service, file, kind, cluster) {
                let name = match &found {
                    Ok(instance) => instance.name,
                    Err(withheld) => &withheld.name,
                };
                first.entry(name.to_owned()).or_insert(found);
            }
        }
        first
    }

    pub(super) fn errors_of<'a>(&'a self, service: &Service) -> impl Iterator<Item = &'a Diagnostic> {
        let indexes = self.errors.get(&service.name).into_iter().flatten();
        indexes.filter_map(|index| self.outcome.diagnostics.get(*index))
    }
}

/// An instance that a check has passed. There is no other way to make one.
#[derive(Clone, Copy)]
pub struct ValidInstance<'s> {
    service: &'s Service,
    document: &'s Document,
    index: usize,
    kind: FileKind,
    name: &'s str,
    entry: Entry<'s>,
}

impl<'s> ValidInstance<'s> {
    /// Its service.
    pub const fn service(&self) -> &'s Service {
        self.service
    }

    /// Its file.
    pub const fn document(&self) -> &'s Document {
        self.document
    }

    /// Index of its file in `Service::documents`.
    pub const fn document_index(&self) -> usize {
        self.index
    }

    /// What kind of instance it is.
    pub const fn kind(&self) -> FileKind {
        self.kind
    }

    /// Its name.
    pub const fn name(&self) -> &'s str {
        self.name
    }

    /// Its name and its own configuration, before merging.
    pub const fn entry(&self) -> Entry<'s> {
        self.entry
    }

    /// Its name's place.
    pub fn place(&self) -> crate::diagnostic::Place {
        self.document.place(self.entry.key.span())
    }
}

impl std::fmt::Debug for ValidInstance<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{} of {}", self.service.name, self.name, self.document.file)
    }
}

/// An instance that is not emitted, and why.
#[derive(Debug)]
pub struct Withheld<'a> {
    /// Its service.
    pub service: &'a Service,
    /// Name of its file in the service.
    pub file: String,
    /// Its name; where that is not text, as Python would show it.
    pub name: String,
    /// The errors that hold it back. None if its name alone is the reason.
    pub reasons: Vec<&'a Diagnostic>,
}

fn service_of(diagnostic: &Diagnostic) -> &str {
    let by_file = || diagnostic.place.file.split('/').next().unwrap_or("");
    diagnostic.subject.service.as_deref().unwrap_or_else(by_file)
}

/// The name of the file in its service that a finding is about; empty for the directory itself.
pub(super) fn file_name(diagnostic: &Diagnostic) -> &str {
    diagnostic.place.file.split_once('/').map_or("", |(_, name)| name)
}

/// Whether an error is about the key of service.yaml that takes the place of smartstack.yaml.
pub(super) fn is_about_smartstack_key(error: &Diagnostic) -> bool {
    let path = error.subject.path.as_slice();
    file_name(error) == "service.yaml" && matches!(path, [Step::Key(key)] if key == "smartstack")
}

/// Whether an error is about the service as a whole, as far as a kind of payload goes.
fn concerns_service(d: &Diagnostic, service: &Service, kind: PayloadKind, cluster: &str) -> bool {
    let file = file_name(d);
    if file.is_empty() {
        return d.subject.instance.is_none() && d.subject.cluster.as_deref().is_none_or(|c| c == cluster);
    }
    // Every reader of the service reads these, whatever it needs of them.
    let is_shared = [
        "service.yaml",
        "lb.yaml",
        "monitoring.yaml",
        "deploy.yaml",
        "data.yaml",
        "smartstack.yaml",
        "dependencies.yaml",
    ];
    let is_refused = || service.document(file).is_some_and(|document| document.tree().is_none());
    // local-run looks for the name in the files of the other frameworks first.
    let is_looked_into = || {
        let stem = file.strip_suffix(".yaml").and_then(|stem| stem.strip_suffix(cluster));
        kind == PayloadKind::Adhoc
            && matches!(stem, Some("marathon-" | "chronos-" | "paasta_native-" | "adhoc-"))
    };
    if (is_shared.contains(&file) || is_looked_into()) && is_refused() {
        return true;
    }
    let made_of = if is_about_smartstack_key(d) { "smartstack.yaml" } else { file };
    d.subject.instance.is_none() && kind.is_made_of(made_of)
}

/// An error as far as it is about one name: its own, or that of another instance that it is about, too.
struct About<'a> {
    error: &'a Diagnostic,
    other: Option<&'a Concerned>,
}

impl About<'_> {
    /// Whether that is the instance `name` of `file`, which may take settings from the namespaces `registers`.
    fn concerns(&self, file: &str, cluster: &str, name: &str, registers: &BTreeSet<&str>) -> bool {
        let error = self.error;
        let at = file_name(error);
        // The whole file, or its top level.
        let Some(own) = error.subject.instance.as_deref() else { return at == file };
        let (instance, of) = match self.other {
            Some(other) => (other.instance.as_str(), &other.cluster),
            None => (own, &error.subject.cluster),
        };
        if at == file {
            return instance == name;
        }
        if at == "smartstack.yaml" {
            return registers.contains(instance);
        }
        let names_file = |path: &str| path.rsplit_once('/').is_some_and(|(_, name)| name == file);
        let is_named = || match self.other {
            Some(other) => other.files.iter().any(|path| names_file(path)),
            None => error.related.iter().any(|related| names_file(&related.place.file)),
        };
        let is_in_cluster = of.as_deref().is_none_or(|of| of == cluster);
        instance == name && is_in_cluster && (at.is_empty() || is_named())
    }
}

/// Names of the namespaces that an instance may take its health check and location from.
fn registers_in<'t>(service: &'t Service, entry: Entry<'t>, name: &'t str) -> BTreeSet<&'t str> {
    match registered(service, entry.value) {
        Registered::List(list) => list.items().filter_map(|item| item.as_str()?.split('.').nth(1)).collect(),
        Registered::Namespace(namespace) => BTreeSet::from([namespace.text()]),
        Registered::Name | Registered::NotList(_) => BTreeSet::from([name]),
    }
}

/// Services in which the Marathon instances of `service` register.
pub(super) fn registered_services(service: &Service) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for document in service.documents.iter().filter(|document| document.name().starts_with("marathon-")) {
        let Some(root) = document.tree().map(Tree::root).filter(|root| root.kind() == Kind::Map) else {
            continue;
        };
        for entry in root.entries() {
            if let Registered::List(list) = registered(service, entry.value) {
                let texts = list.items().filter_map(|item| item.as_str()?.split_once('.'));
                names.extend(texts.map(|(other, _)| other.to_owned()));
            }
        }
    }
    names
}
