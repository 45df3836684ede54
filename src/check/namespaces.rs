//! Which SmartStack namespaces a check lets through.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Place, Step};
use crate::repo::{Document, Service};
use crate::yaml::{Entry, Kind, Value};

use super::valid::{CheckedTree, MOST_REASONS, PayloadKind, file_name};

/// A namespace that a check has passed. There is no other way to make one.
#[derive(Clone, Copy, Debug)]
pub struct ValidNamespace<'s> {
    service: &'s Service,
    document: usize,
    name: &'s str,
    entry: Entry<'s>,
}

impl<'s> ValidNamespace<'s> {
    /// Its service.
    pub const fn service(&self) -> &'s Service {
        self.service
    }

    /// Index of its file in `Service::documents`.
    pub const fn document_index(&self) -> usize {
        self.document
    }

    /// Its name.
    pub const fn name(&self) -> &'s str {
        self.name
    }

    /// Its name and what it says.
    pub const fn entry(&self) -> Entry<'s> {
        self.entry
    }

    /// Its name's place.
    pub fn place(&self) -> Place {
        match self.service.documents.get(self.document) {
            Some(document) => document.place(self.entry.key.span()),
            None => self.service.place(),
        }
    }
}

/// A namespace that is not emitted, and why.
#[derive(Debug)]
pub struct WithheldNamespace<'a> {
    /// Its service.
    pub service: &'a Service,
    /// Its name; where that is not text, as Python would show it.
    pub name: String,
    /// The errors that hold it back. None if its name alone is the reason.
    pub reasons: Vec<&'a Diagnostic>,
    /// Its port, which nobody else can have.
    pub port: Option<i64>,
}

impl CheckedTree {
    /// The namespaces of a service, from the file that counts: those without an error that holds
    /// back a payload of `kind`, and those that are withheld, in the order of the file.
    pub fn namespaces<'a>(
        &'a self,
        service: &'a Service,
        kind: PayloadKind,
    ) -> Vec<Result<ValidNamespace<'a>, WithheldNamespace<'a>>> {
        let Written::In { document, is_key, root } = written(service) else { return Vec::new() };
        let mut of_all: Vec<&Diagnostic> = Vec::new();
        let mut of_one: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
        for error in self.errors_of(service).filter(|d| kind.is_blocked_by(d.rule.blocks)) {
            match namespace_of(error, is_key) {
                About::Namespace(name) => {
                    let others = error.also.iter().map(|other| other.instance.as_str());
                    for name in std::iter::once(name).chain(others) {
                        of_one.entry(name).or_default().push(error);
                    }
                }
                About::All => of_all.push(error),
                About::Others => {}
            }
        }
        let check = |entry: Entry<'a>| {
            let own = of_one.get(entry.key.text()).into_iter().flatten();
            let reasons: Vec<&Diagnostic> = of_all.iter().chain(own).take(MOST_REASONS).copied().collect();
            match entry.key.as_str() {
                Some(name) if reasons.is_empty() => Ok(ValidNamespace { service, document, name, entry }),
                _ => {
                    let port = (entry.value.kind() == Kind::Map)
                        .then(|| entry.value.get("proxy_port")?.as_i64())
                        .flatten();
                    let name = entry.key.repr().into_owned();
                    Err(WithheldNamespace { service, name, reasons, port })
                }
            }
        };
        root.entries().map(check).collect()
    }
}

/// Where the namespaces of a service are written.
pub(super) enum Written<'s> {
    /// It has none.
    Nowhere,
    /// In this mapping.
    In {
        /// Index of its file in `Service::documents`.
        document: usize,
        /// Whether it is the key `smartstack` of service.yaml.
        is_key: bool,
        /// The mapping.
        root: Value<'s>,
    },
    /// In a file that cannot be read, or that would have a mapping at that place: nobody knows which.
    Unknown(&'s Document),
}

/// The mapping of namespaces: the key of service.yaml, else smartstack.yaml
/// (paasta-behaviour.md section 2). Whoever reads it reads every file that belongs to the whole service.
pub(super) fn written(service: &Service) -> Written<'_> {
    let shared = || service.documents.iter().enumerate().filter(|(_, document)| document.is_shared());
    if let Some((_, unread)) = shared().find(|(_, document)| document.tree().is_none()) {
        return Written::Unknown(unread);
    }
    let file = |name: &str| {
        let (at, document) = shared().find(|(_, document)| document.name() == name)?;
        Some((at, document, document.tree()?.root()))
    };
    if let Some((at, document, root)) = file("service.yaml") {
        match root.kind() {
            Kind::Map => {
                if let Some(own) = root.get("smartstack") {
                    return match own.kind() {
                        Kind::Map => Written::In { document: at, is_key: true, root: own },
                        _ => Written::Unknown(document),
                    };
                }
            }
            Kind::Null => {}
            _ => return Written::Unknown(document),
        }
    }
    match file("smartstack.yaml") {
        Some((at, _, root)) if root.kind() == Kind::Map => Written::In { document: at, is_key: false, root },
        Some((_, document, root)) if root.kind() != Kind::Null => Written::Unknown(document),
        _ => Written::Nowhere,
    }
}

/// What an error is about, as far as namespaces go.
enum About<'d> {
    Namespace(&'d str),
    All,
    Others,
}

fn namespace_of(diagnostic: &Diagnostic, is_key: bool) -> About<'_> {
    let key = |at: usize| match diagnostic.subject.path.get(at) {
        Some(Step::Key(key)) => Some(key.as_str()),
        _ => None,
    };
    let subject = diagnostic.subject.instance.as_deref();
    match file_name(diagnostic) {
        "smartstack.yaml" if is_key => About::Others,
        "smartstack.yaml" => subject.or_else(|| key(0)).map_or(About::All, About::Namespace),
        "service.yaml" if is_key && key(0) == Some("smartstack") => {
            subject.or_else(|| key(1)).map_or(About::All, About::Namespace)
        }
        // Every reader of the service reads these.
        "service.yaml" | "" if subject.is_none() && diagnostic.subject.cluster.is_none() => About::All,
        _ => About::Others,
    }
}
