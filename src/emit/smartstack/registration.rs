//! What PaaSTA tells nerve-tools about a running task: where it is registered, and with what
//! (`marathon_tools.py:get_marathon_services_running_here_for_nerve`).

use std::collections::BTreeMap;

use crate::dialect::Dialect;
use crate::effective::{Forest, InstanceConfig, Namespace, ServiceConfig, Written, entries};
use crate::emit::Refusal;
use crate::emit::python::{Data, Value};
use crate::model::kind::FileKind;

/// First port of the tasks that are taken to run on a node (Mesos' usual range).
pub const FIRST_PORT: u16 = 31_000;

/// One registration of a running task.
#[derive(Clone, Debug)]
pub struct Registration<'s> {
    /// `service.namespace`, as written.
    pub name: String,
    /// What nerve-tools is fed: keys of the namespace, and `port`.
    pub values: Value<'s>,
}

impl<'s> Registration<'s> {
    /// The pair that PaaSTA hands over.
    pub fn pair(&self) -> Value<'s> {
        Value::computed(vec![Value::computed(self.name.clone()), self.values.clone()])
    }
}

/// The registrations of a Marathon instance whose task listens on `port`; those that are not in
/// SmartStack are left out.
///
/// # Errors
/// A registration that is no `service.namespace`; a namespace that PaaSTA cannot read.
pub fn of_instance<'s>(
    instance: &InstanceConfig<'s>,
    port: u16,
    forest: &Forest<'s>,
    dialect: &Dialect,
) -> Result<Vec<Registration<'s>>, Refusal> {
    let mut found = Vec::new();
    for registration in instance.registrations()? {
        let Some(name) = registration.as_str() else {
            return Err(Refusal::new("AttributeError", "a registration is not text").at(registration.origin));
        };
        let (service, namespace) = split(name).ok_or_else(|| {
            Refusal::new("InvalidJobNameError", format!("`{name}` is not `service.namespace`"))
                .at(registration.origin)
                .help("write the name of a service, a dot, and one of its SmartStack namespaces")
        })?;
        let namespace = if service == instance.service_name() {
            Namespace::load(instance.service(), namespace, dialect)?
        } else {
            match forest.config(service) {
                Some(config) => Namespace::load(&config?, namespace, dialect)?,
                None => Namespace::absent(),
            }
        };
        if namespace.is_in_smartstack() {
            found.push(Registration { name: name.to_owned(), values: fed(namespace, port, dialect) });
        }
    }
    Ok(found)
}

/// The Marathon instances of a service in a cluster, by name.
#[derive(Debug)]
pub struct Tasks<'s> {
    service: &'s ServiceConfig<'s>,
    cluster: String,
    instances: BTreeMap<&'s str, Written<'s>>,
}

impl<'s> Tasks<'s> {
    /// The instances of `service`.
    ///
    /// # Errors
    /// The file is not a mapping.
    pub fn of(service: &'s ServiceConfig<'s>, cluster: &str) -> Result<Self, Refusal> {
        let root = service.file(&format!("marathon-{cluster}.yaml"));
        if let Some(root) = root.filter(|root| root.as_dict().is_none()) {
            return Err(Refusal::new("TypeError", "the file is not a mapping of instances").at(root.origin));
        }
        let written = entries(service.service(), FileKind::Marathon, cluster).flatten();
        let instances = written.map(|written| (written.name, written)).collect();
        Ok(Self { service, cluster: cluster.to_owned(), instances })
    }

    /// The registrations of the task of an instance, found as PaaSTA finds it: by the id of the task,
    /// in which `_` is written `--`. What has `--` in its name is looked up with `_`, and not found.
    ///
    /// # Errors
    /// As [`of_instance`]; a configuration that cannot be merged.
    pub fn registrations(
        &self,
        instance: &str,
        port: u16,
        forest: &Forest<'s>,
        dialect: &Dialect,
    ) -> Result<Vec<Registration<'s>>, Refusal> {
        let name = instance.replace("--", "_");
        let Some(written) = self.instances.get(name.as_str()) else { return Ok(Vec::new()) };
        let own = self.service.value(written.entry.value, written.document);
        let config = InstanceConfig::new(self.service, FileKind::Marathon, &self.cluster, written.name, own)?;
        of_instance(&config, port, forest, dialect)
    }
}

/// Service and namespace of a registration, or of an id with two more parts.
fn split(name: &str) -> Option<(&str, &str)> {
    let mut parts = name.split('.');
    let (service, namespace) = (parts.next()?, parts.next()?);
    matches!(parts.count(), 0 | 2).then_some((service, namespace))
}

/// What a classic service, one that runs on named hosts, registers: every namespace, with the port
/// of the service (`get_classic_services_running_here_for_nerve`).
///
/// # Errors
/// A namespace that PaaSTA cannot read.
pub fn of_classic_service<'s>(
    service: &ServiceConfig<'s>,
    hostname: &str,
    port: &Value<'s>,
    dialect: &Dialect,
) -> Result<Vec<Registration<'s>>, Refusal> {
    let runs_here = service
        .get("runs_on")
        .and_then(Value::as_list)
        .is_some_and(|hosts| hosts.iter().any(|host| host.as_str() == Some(hostname)));
    let mut found = Vec::new();
    for namespace in namespaces(service).into_iter().filter(|_| runs_here) {
        let mut values = Namespace::load(service, namespace.0, dialect)?.values;
        values.insert("port", port.clone());
        let name = format!("{}.{}", service.name(), namespace.0);
        found.push(Registration { name, values: Value::computed(values) });
    }
    Ok(found)
}

/// The namespaces of a service whose names are text, in the order of the file, as they are written.
pub fn namespaces<'a, 's>(service: &'a ServiceConfig<'s>) -> Vec<(&'a str, &'a Value<'s>)> {
    let smartstack = service.get("smartstack").and_then(Value::as_dict);
    let named = |entry: &'a crate::emit::python::Entry<'s>| Some((entry.key.as_str()?, &entry.value));
    smartstack.into_iter().flatten().filter_map(named).collect()
}

/// The mapping of a namespace with the port, and with the documented defaults if the dialect has them.
fn fed<'s>(namespace: Namespace<'s>, port: u16, dialect: &Dialect) -> Value<'s> {
    let mut values = namespace.values;
    if dialect.smartstack_defaults {
        let defaults: [(&str, Data<'s>); 6] = [
            ("healthcheck_uri", Data::from("/status")),
            ("healthcheck_timeout_s", Data::Int(1)),
            ("retries", Data::Int(1)),
            ("timeout_connect_ms", Data::Int(200)),
            ("timeout_server_ms", Data::Int(1000)),
            ("timeout_client_ms", Data::Int(1000)),
        ];
        for (key, default) in defaults {
            if values.get(key).is_none() {
                values.insert(key, Value::default(default));
            }
        }
    }
    values.insert("port", Value::computed(i64::from(port)));
    Value::computed(values)
}
