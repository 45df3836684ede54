//! The services of a tree, and the mapping that PaaSTA makes of one service's files.

use crate::emit::Refusal;
use crate::emit::python::{Data, Dict, Origin, Value};
use crate::repo::{Content, Document, REPLACEABLE, Service};
use crate::yaml;

use super::merge::deep_merge;

/// Services by name; numbers their documents, so that an origin can name one.
#[derive(Debug)]
pub struct Forest<'s> {
    services: Vec<(&'s Service, u32)>,
}

impl<'s> Forest<'s> {
    /// A forest of these services.
    pub fn new(services: impl IntoIterator<Item = &'s Service>) -> Self {
        let mut services: Vec<(&Service, u32)> = services.into_iter().map(|service| (service, 0)).collect();
        services.sort_by(|a, b| a.0.name.cmp(&b.0.name));
        let mut next = 0;
        for (service, first) in &mut services {
            *first = next;
            next += u32::try_from(service.documents.len()).unwrap_or(u32::MAX);
        }
        Self { services }
    }

    /// The service of that name, if it is there.
    pub fn service(&self, name: &str) -> Option<&'s Service> {
        let at = self.services.binary_search_by(|(service, _)| service.name.as_str().cmp(name)).ok()?;
        self.services.get(at).map(|(service, _)| *service)
    }

    /// The configuration of the service of that name.
    ///
    /// # Errors
    /// One of its files cannot be used, which makes every reader of the service fail.
    pub fn config(&self, name: &str) -> Option<Result<ServiceConfig<'s>, Refusal>> {
        let at = self.services.binary_search_by(|(service, _)| service.name.as_str().cmp(name)).ok()?;
        let (service, first) = *self.services.get(at)?;
        Some(ServiceConfig::of(service, first))
    }

    /// The document that an origin names.
    pub fn document(&self, index: u32) -> Option<&'s Document> {
        let at = self.services.partition_point(|(_, first)| *first <= index).checked_sub(1)?;
        let (service, first) = *self.services.get(at)?;
        service.documents.get(usize::try_from(index - first).ok()?)
    }

    /// The place that an origin names, if it is one in a file.
    pub fn place(&self, origin: Origin) -> Option<crate::diagnostic::Place> {
        let Origin::File { document, span } = origin else { return None };
        Some(self.document(document)?.place(span))
    }
}

/// What PaaSTA makes of one service's files: defaults of every instance.
#[derive(Debug)]
pub struct ServiceConfig<'s> {
    service: &'s Service,
    first_document: u32,
    /// Keys of service.yaml, and what the files of [`REPLACEABLE`] say.
    general: Dict<'s>,
}

impl<'s> ServiceConfig<'s> {
    fn of(service: &'s Service, first_document: u32) -> Result<Self, Refusal> {
        let mut config = Self { service, first_document, general: Dict::new() };
        if let Some(refusal) = unread(service, first_document) {
            return Err(refusal);
        }
        for (key, file) in REPLACEABLE.into_iter().filter(|(key, _)| !is_rarely_read(key)) {
            let value = config.file(file).unwrap_or_else(|| Value::default(Dict::new()));
            config.general.push(Data::from(key), value);
        }
        if let Some(own) = config.file("service.yaml") {
            let Data::Dict(own) = own.data else {
                return Err(Refusal::new("ValueError", "service.yaml is not a mapping").at(own.origin));
            };
            for entry in own.into_entries() {
                match entry.key.as_str().map(str::to_owned) {
                    Some(key) => config.general.insert(key, entry.value),
                    None => config.general.push(entry.key, entry.value),
                }
            }
        }
        Ok(config)
    }

    /// The service.
    pub const fn service(&self) -> &'s Service {
        self.service
    }

    /// Its name.
    pub fn name(&self) -> &'s str {
        &self.service.name
    }

    /// A default that the files of the service give to every instance.
    pub fn get(&self, key: &str) -> Option<&Value<'s>> {
        self.general.get(key)
    }

    /// A mapping for programs other than those that run instances: `deploy`, `data`, `lb_extras`.
    pub fn rarely_read(&self, key: &str) -> Option<Value<'s>> {
        let of_file =
            || REPLACEABLE.iter().find(|(name, _)| *name == key).and_then(|(_, file)| self.file(file));
        self.general.get(key).cloned().or_else(of_file)
    }

    /// What a file says, unless that is nothing or false: to PaaSTA that is an empty mapping. A
    /// file that is missing is empty as well.
    pub fn file(&self, name: &str) -> Option<Value<'s>> {
        let at = self.service.documents.iter().position(|document| document.name() == name)?;
        let root = self.service.documents.get(at)?.tree()?.root();
        Some(self.value(root, at)).filter(Value::is_truthy)
    }

    /// A value of one of the service's documents.
    pub fn value(&self, value: yaml::Value<'s>, document: usize) -> Value<'s> {
        Value::of_yaml(value, self.first_document + u32::try_from(document).unwrap_or(u32::MAX))
    }

    /// Lays the configuration of an instance over the defaults. Of the files, only what an
    /// instance reads through its own configuration comes along.
    pub(super) fn with(&self, own: Dict<'s>) -> Dict<'s> {
        let mut defaults = Dict::new();
        for entry in &self.general {
            if !matches!(entry.key.as_str(), Some("lb_extras" | "deploy" | "data" | "smartstack")) {
                defaults.push(entry.key.clone(), entry.value.clone());
            }
        }
        deep_merge(defaults, own)
    }
}

/// Whether the file of that key is converted only where it is asked for.
fn is_rarely_read(key: &str) -> bool {
    matches!(key, "lb_extras" | "deploy" | "data")
}

/// Why a service cannot be read, if it cannot: its directory, or the first file among those that every
/// reader of the service reads.
fn unread(service: &Service, first_document: u32) -> Option<Refusal> {
    if let Some(reason) = &service.error {
        return Some(Refusal::unread(format!("the service `{}` cannot be read: {reason}", service.name)));
    }
    let shared = service.documents.iter().zip(first_document..).filter(|(document, _)| document.is_shared());
    shared.into_iter().find_map(|(document, index)| match &document.content {
        Content::Parsed(_) => None,
        Content::Refused(error) => {
            let message = format!("`{}` is not valid YAML, so PaaSTA cannot read the service", document.file);
            Some(Refusal::new("YAMLError", message).at(Origin::File { document: index, span: error.span }))
        }
        Content::Unreadable(reason) => {
            let message = format!("`{}` cannot be read: {reason}", document.file);
            Some(Refusal::unread(message))
        }
    })
}
