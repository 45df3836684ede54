//! One instance with everything that it inherits.

use crate::dialect::Dialect;
use crate::emit::Refusal;
use crate::emit::python::{self, Data, Dict, Value};
use crate::model::kind::FileKind;
use crate::repo::Service;
use crate::yaml;

use super::{Branch, Deployments, Forest, Namespace, Registered, ServiceConfig};

/// The merged configuration of one instance (`utils:InstanceConfig`).
#[derive(Debug)]
pub struct InstanceConfig<'s> {
    service: &'s ServiceConfig<'s>,
    kind: FileKind,
    cluster: String,
    name: &'s str,
    values: Dict<'s>,
    /// `deploy_group` as written, before names are put in.
    written_group: Option<Value<'s>>,
}

impl<'s> InstanceConfig<'s> {
    /// Merges an instance's own mapping with the defaults of its service, and puts names into its
    /// deploy group.
    ///
    /// # Errors
    /// It is not a mapping; the deploy group cannot be interpolated.
    pub fn new(
        service: &'s ServiceConfig<'s>,
        kind: FileKind,
        cluster: &str,
        name: &'s str,
        own: Value<'s>,
    ) -> Result<Self, Refusal> {
        let origin = own.origin;
        let Data::Dict(own) = own.data else {
            return Err(Refusal::new("AttributeError", format!("`{name}` is not a mapping")).at(origin));
        };
        let values = service.with(own);
        let written_group = values.get("deploy_group").cloned();
        let mut config = Self { service, kind, cluster: cluster.to_owned(), name, values, written_group };
        config.interpolate()?;
        Ok(config)
    }

    fn interpolate(&mut self) -> Result<(), Refusal> {
        let Some(group) = &self.written_group else { return Ok(()) };
        let Some(template) = group.as_str() else {
            return Err(Refusal::new("AttributeError", "`deploy_group` is not text").at(group.origin));
        };
        let arguments =
            [("cluster", self.cluster.as_str()), ("instance", self.name), ("service", self.service.name())];
        let text = python::format(template, &arguments)
            .map_err(|exception| Refusal::of("deploy_group", &exception, group.origin))?;
        let value = Value::new(Data::from(text), group.origin);
        self.values.insert("deploy_group", value);
        Ok(())
    }

    /// The service's own configuration.
    pub const fn service(&self) -> &'s ServiceConfig<'s> {
        self.service
    }

    /// Name of the service.
    pub fn service_name(&self) -> &'s str {
        self.service.name()
    }

    /// What kind of instance it is.
    pub const fn kind(&self) -> FileKind {
        self.kind
    }

    /// Name of the instance.
    pub const fn name(&self) -> &'s str {
        self.name
    }

    /// Cluster that it runs in.
    pub fn cluster(&self) -> &str {
        &self.cluster
    }

    /// The merged configuration.
    pub const fn values(&self) -> &Dict<'s> {
        &self.values
    }

    /// A value, null included.
    pub fn get(&self, key: &str) -> Option<&Value<'s>> {
        self.values.get(key)
    }

    /// A value, unless it is null.
    pub fn set(&self, key: &str) -> Option<&Value<'s>> {
        self.get(key).filter(|value| !value.is_none())
    }

    /// A value, null included, else the default.
    pub fn or(&self, key: &str, default: impl Into<Data<'s>>) -> Value<'s> {
        self.get(key).cloned().unwrap_or_else(|| Value::default(default))
    }

    /// The name under which the instance is deployed. (A key `branch` only changes where Marathon's
    /// deployment is looked up.)
    pub fn branch(&self) -> Value<'s> {
        Value::computed(format!("{}.{}", self.cluster, self.name))
    }

    /// `deploy_group`, else `<cluster>.<instance>`.
    pub fn deploy_group(&self) -> Value<'s> {
        self.or("deploy_group", format!("{}.{}", self.cluster, self.name))
    }

    /// What is deployed of it.
    ///
    /// # Errors
    /// There is no usable deployments.json; for adhoc instances also if nothing is deployed.
    pub fn deployed(&self, deployments: &Deployments) -> Result<Branch, Refusal> {
        let own_branch = format!("{}.{}", self.cluster, self.name);
        let branch = self.branch_name();
        if self.kind == FileKind::Adhoc {
            let group =
                self.written_group.as_ref().map_or(own_branch, |group| python::str(group).into_owned());
            return deployments.v2(self.service_name(), &branch, &group);
        }
        deployments.v1(self.service_name(), &branch)
    }

    /// Whether deployments.json says if the instance is to run, where that is asked: of an adhoc
    /// instance.
    pub fn is_controlled(&self, deployments: &Deployments) -> bool {
        self.kind != FileKind::Adhoc || deployments.has_control(self.service_name(), &self.branch_name())
    }

    fn branch_name(&self) -> String {
        match self.get("branch") {
            Some(branch) if self.kind != FileKind::Chronos => python::str(branch).into_owned(),
            _ => format!("{}.{}", self.cluster, self.name),
        }
    }

    /// `service.namespace` texts under which it registers.
    ///
    /// # Errors
    /// `registrations` is null or no list.
    pub fn registrations(&self) -> Result<Vec<Value<'s>>, Refusal> {
        let is_empty = |value: &&Value<'s>| value.as_list().map(<[_]>::is_empty);
        let own = |namespace: &str| format!("{}.{namespace}", self.service.name());
        Ok(match Registered::find(|key| self.get(key), is_empty) {
            Registered::List(list) => list.as_list().unwrap_or_default().to_vec(),
            Registered::Namespace(name) => vec![Value::new(Data::from(own(&python::str(name))), name.origin)],
            Registered::Name => vec![Value::default(own(self.name))],
            Registered::NotList(other) => {
                return Err(Refusal::new("TypeError", "`registrations` is not a list").at(other.origin));
            }
        })
    }

    /// Service and namespace of the first registration.
    ///
    /// # Errors
    /// It is not `service.namespace` (or an id of four parts).
    pub fn registration(&self) -> Result<(String, String), Refusal> {
        let registrations = self.registrations()?;
        let first =
            registrations.first().ok_or_else(|| Refusal::new("IndexError", "there is no registration"))?;
        let Some(text) = first.as_str() else {
            return Err(Refusal::new("AttributeError", "a registration is not text").at(first.origin));
        };
        let parts: Vec<&str> = text.split('.').collect();
        match parts.as_slice() {
            [service, namespace] | [service, namespace, _, _] => {
                Ok(((*service).to_owned(), (*namespace).to_owned()))
            }
            _ => Err(Refusal::new("InvalidJobNameError", format!("`{text}` is not `service.namespace`"))
                .at(first.origin)
                .help("write the name of a service, a dot, and one of its SmartStack namespaces")),
        }
    }

    /// The namespace that decides about health checks and placement: 0.66 takes the own service's
    /// namespace of that name, the documentation the one that is registered.
    ///
    /// # Errors
    /// A bad registration; a namespace that PaaSTA cannot read.
    pub fn namespace(&self, forest: &Forest<'s>, dialect: &Dialect) -> Result<Namespace<'s>, Refusal> {
        let (service, name) = self.registration()?;
        if dialect.registration_uses_its_own_service && service != self.service.name() {
            return match forest.config(&service) {
                Some(config) => Namespace::load(&config?, &name, dialect),
                None => Ok(Namespace::absent()),
            };
        }
        Namespace::load(self.service, &name, dialect)
    }

    /// The namespace that it is registered in, in whatever service.
    ///
    /// # Errors
    /// As [`Self::namespace`].
    pub fn registered_namespace(
        &self,
        forest: &Forest<'s>,
        dialect: &Dialect,
    ) -> Result<Namespace<'s>, Refusal> {
        let (service, name) = self.registration()?;
        if service == self.service.name() {
            return Namespace::load(self.service, &name, dialect);
        }
        match forest.config(&service) {
            Some(config) => Namespace::load(&config?, &name, dialect),
            None => Ok(Namespace::absent()),
        }
    }
}

/// An instance as a file has it.
#[derive(Clone, Copy, Debug)]
pub struct Written<'s> {
    /// Index of its document in the service.
    pub document: usize,
    /// Its name.
    pub name: &'s str,
    /// Name and body.
    pub entry: yaml::Entry<'s>,
}

/// An instance of a file whose name is not text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unnamed {
    /// What stands in place of a name, as Python would show it.
    pub name: String,
}

impl From<Unnamed> for Refusal {
    fn from(unnamed: Unnamed) -> Self {
        Refusal::new("TypeError", format!("the instance name `{}` is not text", unnamed.name))
    }
}

/// The instances of that kind in that cluster, in the order of the file. PaaSTA opens the file by
/// its name, whatever the cluster looks like. A name that is not text is an error of its own.
pub fn entries<'s>(
    service: &'s Service,
    kind: FileKind,
    cluster: &str,
) -> impl Iterator<Item = Result<Written<'s>, Unnamed>> + use<'s> {
    let file = format!("{}-{cluster}.yaml", kind.name());
    let found = service.documents.iter().enumerate().find(|(_, document)| document.name() == file);
    let root = found.and_then(|(at, document)| Some((at, document.tree()?.root())));
    let all = root.into_iter().flat_map(|(at, root)| root.entries().map(move |entry| (at, entry)));
    all.map(|(document, entry)| match entry.key.as_str() {
        Some(name) => Ok(Written { document, name, entry }),
        None => Err(Unnamed { name: entry.key.repr().into_owned() }),
    })
}
