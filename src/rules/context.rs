//! What a rule may see, by scope, and how it names a place.

use std::cell::OnceCell;

use crate::config::Settings;
use crate::diagnostic::{Finding, Place, Step};
use crate::dialect::Dialect;
use crate::findings;
use crate::model::kind::FileKind;
use crate::repo::{Document, Service, ServiceFacts};
use crate::source::Span;
use crate::yaml::{Entry, KeyFilter, Kind, Loader, Reader, Value};

use super::Rule;
use super::support::deploy_groups::{self, Group};
use super::support::registered::Namespaces;

/// What is the same for the whole run: dialect, levels, facts about the site.
#[derive(Debug)]
pub struct Env {
    /// How disagreements between documentation and code are settled.
    pub dialect: &'static Dialect,
    /// The configuration of this run.
    pub settings: Settings,
    /// Takes the time of every rule, if there is one.
    pub clock: Option<crate::check::Clock>,
    /// How many findings of one rule in one file are kept in words.
    pub most_alike: usize,
}

impl Env {
    /// Rules run with these settings.
    pub fn new(settings: Settings) -> Self {
        Self { dialect: settings.dialect.dialect(), settings, clock: None, most_alike: findings::MOST }
    }

    /// The same with so many findings of one rule in one file in words.
    #[must_use]
    pub fn keeping(&self, most_alike: usize) -> Self {
        Self { settings: self.settings.clone(), most_alike, ..*self }
    }

    /// The time, if the run was told.
    pub const fn now(&self) -> Option<jiff::Timestamp> {
        self.settings.now
    }

    /// How files are read.
    pub fn reader(&self) -> Reader {
        let loader = if self.dialect.old_libyaml { Loader::Libyaml015 } else { Loader::Today };
        Reader { loader, ..Reader::default() }
    }

    /// Whether findings of `rule` are of any use.
    pub fn is_on(&self, rule: &Rule) -> bool {
        self.settings.running(rule).level.severity().is_some()
    }
}

/// A key with its value, and the file they stand in.
#[derive(Clone, Copy)]
pub struct Located<'a> {
    /// The file.
    pub document: &'a Document,
    /// The key.
    pub key: Value<'a>,
    /// The value.
    pub value: Value<'a>,
}

impl<'a> Located<'a> {
    /// `entry`, which stands in `document`.
    pub fn new(document: &'a Document, entry: Entry<'a>) -> Self {
        Self { document, key: entry.key, value: entry.value }
    }

    /// The key's place.
    pub fn key_place(&self) -> Place {
        self.document.place(self.key.span())
    }

    /// The value's place; the key's where the value is empty text.
    pub fn value_place(&self) -> Place {
        let span = self.value.span();
        self.document.place(if span.is_empty() { self.key.span() } else { span })
    }

    /// An entry of this value, if that is a mapping.
    pub fn entry(&self, key: &str) -> Option<Located<'a>> {
        Some(Located::new(self.document, self.value.entry(key)?))
    }
}

/// One file that parsed.
pub struct DocumentCx<'a> {
    /// The run.
    pub env: &'a Env,
    /// The service that the file belongs to.
    pub service: &'a Service,
    /// The file.
    pub document: &'a Document,
    /// Its top value.
    pub root: Value<'a>,
    // Most questions of `written` are answered by it.
    set: OnceCell<KeyFilter>,
}

impl<'a> DocumentCx<'a> {
    /// The file with its top value.
    pub(crate) const fn new(
        env: &'a Env,
        service: &'a Service,
        document: &'a Document,
        root: Value<'a>,
    ) -> Self {
        Self { env, service, document, root, set: OnceCell::new() }
    }

    /// Whether an entry of the file may be a mapping with this key.
    pub(crate) fn may_set(&self, key: &str) -> bool {
        let bodies = || self.root.entries().map(|entry| entry.value);
        self.set.get_or_init(|| KeyFilter::of(bodies())).may_have(key)
    }

    /// Something is wrong at `span`.
    pub fn at(&self, span: Span, message: impl Into<String>) -> Finding {
        finding(self.service, self.document, self.document.place(span), message)
    }

    /// Something is wrong with the file.
    pub fn at_file(&self, message: impl Into<String>) -> Finding {
        finding(self.service, self.document, self.document.whole(), message)
    }

    /// Every value as written, keys included, in the order of the text.
    pub fn values(&self) -> impl Iterator<Item = Value<'a>> {
        self.root.tree().values()
    }
}

/// An instance of marathon-*, chronos-* or adhoc-*.
#[derive(Clone, Copy)]
pub struct Instance<'a> {
    /// Kind of its file.
    pub kind: FileKind,
    /// Cluster of its file; empty for a file that belongs to no cluster.
    pub cluster: &'a str,
    /// Its name as text.
    pub name: &'a str,
    /// Name and body.
    pub entry: Entry<'a>,
}

/// One instance with what it inherits.
#[derive(Clone, Copy)]
pub struct InstanceCx<'a> {
    /// The run.
    pub env: &'a Env,
    /// The service.
    pub service: &'a Service,
    /// The file of the instance.
    pub document: &'a Document,
    /// The instance.
    pub instance: Instance<'a>,
}

impl<'a> InstanceCx<'a> {
    /// The instance's own entry for `key`.
    pub fn own(&self, key: &str) -> Option<Located<'a>> {
        Some(Located::new(self.document, self.instance.entry.value.entry(key)?))
    }

    /// The default that service.yaml gives for `key` (paasta-behaviour.md section 2: every key of
    /// service.yaml is a default of every instance).
    pub fn default(&self, key: &str) -> Option<Located<'a>> {
        let (document, root) = self.service.defaults()?;
        Some(Located::new(document, root.entry(key)?))
    }

    /// The entry that counts for `key`: the instance's own, else the default. Mappings in both
    /// places merge key by key; look at both [`own`](Self::own) and [`default`](Self::default)
    /// for those.
    pub fn get(&self, key: &str) -> Option<Located<'a>> {
        self.own(key).or_else(|| self.default(key))
    }

    /// The value of `key` that counts, unless it is null.
    pub fn set(&self, key: &str) -> Option<Located<'a>> {
        self.get(key).filter(|located| located.value.kind() != Kind::Null)
    }

    /// Own and inherited entries of the mapping at `key`, as a deep merge has them: an entry of
    /// the instance hides the default of that name.
    pub fn merged(&self, key: &str) -> Vec<Located<'a>> {
        let of = |located: Option<Located<'a>>| {
            located.filter(|l| l.value.kind() == Kind::Map).map(|l| (l.document, l.value))
        };
        let own = of(self.own(key));
        let default = match self.own(key) {
            // A scalar, list or null replaces the default as a whole.
            Some(located) if located.value.kind() != Kind::Map => None,
            _ => of(self.default(key)),
        };
        let own_entries = own.into_iter().flat_map(|(d, v)| v.entries().map(move |e| Located::new(d, e)));
        let mut entries: Vec<Located<'a>> = own_entries.collect();
        if let Some((document, value)) = default {
            for entry in value.entries() {
                if !entries.iter().any(|own| own.key.as_str() == entry.key.as_str()) {
                    entries.push(Located::new(document, entry));
                }
            }
        }
        entries
    }

    /// Something is wrong with the value of an entry.
    pub fn at_value(&self, located: &Located<'a>, message: impl Into<String>) -> Finding {
        self.at(located.document, located.value_place(), message)
    }

    /// Something is wrong with an entry; its key is underlined.
    pub fn at_key(&self, located: &Located<'a>, message: impl Into<String>) -> Finding {
        self.at(located.document, located.key_place(), message)
    }

    /// Something is wrong with a part of an entry's value.
    pub fn at_part(&self, located: &Located<'a>, part: Value<'a>, message: impl Into<String>) -> Finding {
        self.at(located.document, located.document.place(part.span()), message)
    }

    /// Something is wrong at `span`, which lies in the file of an entry.
    pub fn at_span(&self, located: &Located<'a>, span: Span, message: impl Into<String>) -> Finding {
        self.at(located.document, located.document.place(span), message)
    }

    /// Something is wrong with the instance; its name is underlined.
    pub fn at_name(&self, message: impl Into<String>) -> Finding {
        self.at(self.document, self.document.place(self.instance.entry.key.span()), message)
    }

    /// The same of a finding about a default in service.yaml.
    pub(crate) fn inherits(&self, mut finding: Finding) -> Finding {
        finding.subject.service = Some(self.service.name.clone());
        finding.subject.instance = Some(self.instance.name.to_owned());
        finding.subject.cluster =
            (!self.instance.cluster.is_empty()).then(|| self.instance.cluster.to_owned());
        finding.subject.is_inherited = true;
        let site = self.document.place(self.instance.entry.key.span());
        finding.related(site, format!("instance `{}` gets it from there", self.instance.name))
    }

    fn at(&self, document: &Document, place: Place, message: impl Into<String>) -> Finding {
        let entry = self.instance.entry;
        let own_span = entry.key.span().to(entry.value.span());
        let elsewhere =
            !std::ptr::eq(document, self.document) || place.span.is_some_and(|span| !own_span.contains(span));
        let mut finding = finding(self.service, document, place, message);
        finding.subject.instance = Some(self.instance.name.to_owned());
        finding.subject.cluster =
            (!self.instance.cluster.is_empty()).then(|| self.instance.cluster.to_owned());
        finding.subject.is_inherited = elsewhere;
        if elsewhere {
            if std::ptr::eq(document, self.document)
                && let Some(first) = finding.subject.path.first_mut()
            {
                *first = Step::Key(self.instance.name.to_owned());
            }
            let site = self.document.place(entry.key.span());
            finding = finding.related(site, format!("instance `{}` gets it from there", self.instance.name));
        }
        finding
    }
}

/// One namespace of a smartstack.yaml.
pub struct NamespaceCx<'a> {
    /// The run.
    pub env: &'a Env,
    /// The service.
    pub service: &'a Service,
    /// The file: smartstack.yaml, or service.yaml where its `smartstack` key replaces it.
    pub document: &'a Document,
    /// Name of the namespace.
    pub name: &'a str,
    /// Name and body.
    pub entry: Entry<'a>,
}

impl<'a> NamespaceCx<'a> {
    /// The entry for `key`, if the body is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<Located<'a>> {
        Some(Located::new(self.document, self.entry.value.entry(key)?))
    }

    /// The same, unless the value is null.
    pub fn set(&self, key: &str) -> Option<Located<'a>> {
        self.get(key).filter(|located| located.value.kind() != Kind::Null)
    }

    /// Something is wrong at `span`.
    pub fn at(&self, span: Span, message: impl Into<String>) -> Finding {
        let finding = finding(self.service, self.document, self.document.place(span), message);
        finding.instance(self.name)
    }

    /// Something is wrong with the namespace; its name is underlined.
    pub fn at_name(&self, message: impl Into<String>) -> Finding {
        self.at(self.entry.key.span(), message)
    }

    /// Something is wrong with the value of an entry.
    pub fn at_value(&self, located: &Located<'a>, message: impl Into<String>) -> Finding {
        let span = located.value.span();
        self.at(if span.is_empty() { located.key.span() } else { span }, message)
    }
}

/// All files of a service.
pub struct ServiceCx<'a> {
    /// The run.
    pub env: &'a Env,
    /// The service.
    pub service: &'a Service,
    // What several rules ask for is looked up once.
    instances: OnceCell<Vec<InstanceCx<'a>>>,
    pipeline: OnceCell<deploy_groups::Known<'a>>,
    groups: OnceCell<Vec<(InstanceCx<'a>, Group<'a>)>>,
    namespaces: OnceCell<Namespaces<'a>>,
}

impl<'a> ServiceCx<'a> {
    /// Nothing is looked up yet.
    pub(crate) const fn new(env: &'a Env, service: &'a Service) -> Self {
        Self {
            env,
            service,
            instances: OnceCell::new(),
            pipeline: OnceCell::new(),
            groups: OnceCell::new(),
            namespaces: OnceCell::new(),
        }
    }

    /// The SmartStack namespaces of the service.
    pub(crate) fn namespaces(&self) -> &Namespaces<'a> {
        self.namespaces.get_or_init(|| Namespaces::of(self.env, self.service))
    }

    /// The pipeline that deploys the service.
    pub(crate) fn pipeline(&self) -> &deploy_groups::Known<'a> {
        self.pipeline.get_or_init(|| deploy_groups::pipeline(self.service))
    }

    /// The instances whose deploy group is known, with it, in the order of the file names.
    pub(crate) fn groups(&self) -> &[(InstanceCx<'a>, Group<'a>)] {
        let of = |instance| Some((instance, deploy_groups::group_of(&instance)?));
        self.groups.get_or_init(|| self.instances().filter_map(of).collect())
    }

    /// Something is wrong at `span` of `document`.
    pub fn at(&self, document: &'a Document, span: Span, message: impl Into<String>) -> Finding {
        finding(self.service, document, document.place(span), message)
    }

    /// Something is wrong with a file or the directory as a whole.
    pub fn at_place(&self, place: Place, message: impl Into<String>) -> Finding {
        Finding::new(place, message).service(&self.service.name)
    }

    /// Every instance of every file that parsed, in the order of the file names.
    pub fn instances(&self) -> impl Iterator<Item = InstanceCx<'a>> {
        let documents = &self.service.documents;
        let of = |document| instances_of(self.env, self.service, document);
        self.instances.get_or_init(|| documents.iter().flat_map(of).collect()).iter().copied()
    }
}

/// The instances of one file: its top-level entries whose name is text.
pub(crate) fn instances_of<'a>(
    env: &'a Env,
    service: &'a Service,
    document: &'a Document,
) -> impl Iterator<Item = InstanceCx<'a>> {
    let kind = document.kind.filter(|kind| kind.has_instances());
    let root = document.tree().map(crate::yaml::Tree::root).filter(|root| root.kind() == Kind::Map);
    let entries = kind.zip(root).into_iter().flat_map(|(kind, root)| root.entries().map(move |e| (kind, e)));
    entries.filter_map(move |(kind, entry)| {
        let name = entry.key.as_str()?;
        let cluster = document.cluster.as_deref().unwrap_or("");
        let instance = Instance { kind, cluster, name, entry };
        Some(InstanceCx { env, service, document, instance })
    })
}

/// The namespaces of a service, from the file that counts.
pub(crate) fn namespaces_of<'a>(env: &'a Env, service: &'a Service) -> impl Iterator<Item = NamespaceCx<'a>> {
    // `smartstack:` in service.yaml replaces the file (paasta-behaviour.md section 2).
    let replaced = service.mapping("service.yaml").and_then(|(d, root)| Some((d, root.get("smartstack")?)));
    let file = || service.document("smartstack.yaml").and_then(|d| Some((d, d.tree()?.root())));
    let found = replaced.or_else(file).filter(|(_, root)| root.kind() == Kind::Map);
    found
        .into_iter()
        .flat_map(|(document, root)| root.entries().map(move |entry| (document, entry)))
        .filter_map(move |(document, entry)| {
            Some(NamespaceCx { env, service, document, name: entry.key.as_str()?, entry })
        })
}

/// The whole tree.
pub struct TreeCx<'a> {
    /// The run.
    pub env: &'a Env,
    /// Names of all services, sorted.
    pub names: &'a [String],
    /// Facts of the services that were read, sorted by name; all of them unless only some
    /// services were selected.
    pub services: &'a [ServiceFacts],
    /// Files in the root of the tree with the name of a service's file, where the whole tree is checked.
    pub stray_files: &'a [String],
}

impl<'a> TreeCx<'a> {
    /// Whether the tree has a service of that name.
    pub fn has_service(&self, name: &str) -> bool {
        self.names.binary_search_by(|other| other.as_str().cmp(name)).is_ok()
    }

    /// The facts of a service, if it was read.
    pub fn service(&self, name: &str) -> Option<&'a ServiceFacts> {
        let index = self.services.binary_search_by(|other| other.name.as_str().cmp(name)).ok()?;
        self.services.get(index)
    }

    /// The services whose findings are reported.
    pub fn selected(&self) -> impl Iterator<Item = &'a ServiceFacts> {
        self.services.iter().filter(|service| service.selected)
    }

    /// Something is wrong at `place`, which belongs to `service`. Dropped unless that is selected.
    pub fn at(&self, service: &ServiceFacts, place: Place, message: impl Into<String>) -> Finding {
        Finding::new(place, message).service(&service.name)
    }
}

fn finding(service: &Service, document: &Document, place: Place, message: impl Into<String>) -> Finding {
    let path = place.span.map(|span| document.path_to(span)).unwrap_or_default();
    let mut finding = Finding::new(place, message).service(&service.name);
    if document.has_instances()
        && let Some(Step::Key(instance)) = path.first()
    {
        finding.subject.instance = Some(instance.clone());
    }
    finding.subject.cluster.clone_from(&document.cluster);
    finding.subject.path = path;
    finding
}
