//! What was asked for and is not given. Every kind of payload reports it here, and only here.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use crate::check::{Holds, Unread, ValidInstance, Withheld};
use crate::diagnostic::{Diagnostic, Finding, Place, Severity};
use crate::effective::Forest;
use crate::rules::support::words::shown;
use crate::rules::{Rule, internal};

use super::Refusal;

static UNBUILDABLE: &Rule = &internal::unbuildable_payload::RULE;

/// One thing that is not given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Omission {
    /// Its service.
    pub service: String,
    /// `service.instance`, `service.namespace` or `service`; of what could not be read, the path.
    pub name: String,
    /// Its cluster, where several are compiled and the name does not tell.
    pub cluster: Option<String>,
    /// The rules that hold it back.
    pub rules: Vec<&'static str>,
    /// What would have been in it, if it is a file or directory that could not be read.
    pub unread: Option<Holds>,
}

impl Omission {
    /// Its name for people: `web.""` for what has an empty name in the service `web`.
    pub fn shown(&self) -> Cow<'_, str> {
        match self.name.strip_prefix(&self.service) {
            Some(".") => Cow::Owned(format!("{}\"\"", self.name)),
            _ => Cow::Borrowed(&self.name),
        }
    }

    /// Why it is not given, without what the findings say.
    pub fn reason(&self) -> String {
        match (self.rules.as_slice(), self.unread) {
            ([], None) => "its name is not text".to_owned(),
            ([], Some(_)) => "it cannot be read".to_owned(),
            (rules, _) => rules.join(", "),
        }
    }

    /// What that means for what nobody can name.
    pub const fn consequence(&self) -> Option<&'static str> {
        match self.unread {
            None => None,
            Some(Holds::Everything) => Some("nothing of it can be given"),
            Some(Holds::Instances) => Some("none of its instances can be given"),
            Some(Holds::Namespaces) => Some("none of the service's namespaces can be given"),
        }
    }
}

/// What is not emitted, and why.
#[derive(Debug, Default)]
pub struct Held {
    /// Everything that is not given.
    pub withheld: Vec<Omission>,
    /// The findings that say why.
    pub findings: Vec<Diagnostic>,
    /// Types of locations of which the command line does not say where the node is.
    pub lacks: BTreeSet<String>,
    /// Where those stand that are in `findings` already: one may hold back thousands of instances.
    seen: HashSet<usize>,
}

impl Held {
    /// An instance is withheld because of errors that a check found.
    pub(crate) fn add(&mut self, withheld: &Withheld<'_>) {
        self.add_named(&withheld.service.name, Some(&withheld.name), &withheld.reasons);
    }

    /// The same of an instance or namespace; without a name of the service as a whole.
    pub(crate) fn add_named(&mut self, service: &str, name: Option<&str>, reasons: &[&Diagnostic]) {
        self.push(service, full_name(service, name), reasons, None);
    }

    /// Nothing can be given of a directory or file.
    pub fn add_unread(&mut self, unread: &Unread<'_>) {
        self.push(&unread.service.name, unread.path(), &unread.reasons, Some(unread.holds));
    }

    fn push(&mut self, service: &str, name: String, reasons: &[&Diagnostic], unread: Option<Holds>) {
        let mut rules: Vec<&'static str> = Vec::new();
        for rule in reasons.iter().map(|reason| reason.rule.name) {
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
        for reason in reasons {
            if self.seen.insert(std::ptr::from_ref::<Diagnostic>(reason).addr()) {
                self.findings.push((*reason).clone());
            }
        }
        self.withheld.push(Omission { service: service.to_owned(), name, cluster: None, rules, unread });
    }

    /// An instance that the check let through cannot be built.
    pub(crate) fn refuse(&mut self, forest: &Forest<'_>, instance: &ValidInstance<'_>, refusal: &Refusal) {
        self.refuse_at(forest, instance.place(), (&instance.service().name, Some(instance.name())), refusal);
    }

    /// Something of a service cannot be built; without a name the service as a whole.
    pub fn refuse_at(
        &mut self,
        forest: &Forest<'_>,
        whole: Place,
        (service, name): (&str, Option<&str>),
        refusal: &Refusal,
    ) {
        let place = refusal.origin.and_then(|origin| forest.place(origin)).unwrap_or(whole);
        let message = format!("`{}` cannot be built: {}", shown(name.unwrap_or(service)), refusal.message);
        let mut finding = Finding::new(place, message)
            .why(refusal.why)
            .help(refusal.help)
            .service(service)
            .identity(refusal.message.clone());
        if let Some(name) = name {
            finding = finding.instance(name);
        }
        self.findings.push(Diagnostic { rule: UNBUILDABLE, severity: Severity::Error, finding });
        self.lacks.extend(refusal.lacks.clone());
        self.withheld.push(Omission {
            service: service.to_owned(),
            name: full_name(service, name),
            cluster: None,
            rules: vec![UNBUILDABLE.name],
            unread: None,
        });
    }

    /// Says of everything withheld in which cluster that is.
    pub fn name_cluster(&mut self, cluster: &str) {
        for omission in self.withheld.iter_mut().filter(|omission| omission.unread.is_none()) {
            omission.cluster = Some(cluster.to_owned());
        }
    }

    /// Adds what another service or cluster brought.
    pub fn append(&mut self, mut other: Held) {
        self.withheld.append(&mut other.withheld);
        self.findings.append(&mut other.findings);
        self.lacks.append(&mut other.lacks);
    }

    /// Sorts the findings and drops what is there twice.
    pub fn settle(&mut self) {
        let mut seen = HashSet::new();
        self.withheld.retain(|omission| seen.insert((omission.name.clone(), omission.cluster.clone())));
        self.findings.sort_by(Diagnostic::order);
        self.findings.dedup_by(|a, b| a.order(b).is_eq());
    }
}

fn full_name(service: &str, name: Option<&str>) -> String {
    name.map_or_else(|| service.to_owned(), |name| format!("{service}.{name}"))
}
