//! What SmartStack gets: nerve's and synapse's configuration, HAProxy's, lists of ports.

use crate::check::PayloadKind;
use crate::effective::ServiceConfig;
use crate::emit::python::{Data, Dict, Value};
use crate::emit::smartstack::compile::Tree as Smartstack;
use crate::emit::smartstack::listener::Listener;
use crate::emit::smartstack::{haproxy, nerve, services, synapse};
use crate::emit::{Held, Payload, Refusal};
use crate::model::kind::FileKind;
use crate::repo::{Service, ServiceName, TreeSource as _};

use super::super::args::FormArg;
use super::super::{Error, node};
use super::{Compiled, Job, whole};

impl Job<'_> {
    /// Whether a namespace is meant; without a name the service as a whole.
    fn keeps_namespace(&self, service: &str, namespace: Option<&str>) -> bool {
        match namespace {
            Some(namespace) => self.selected.wants(service, namespace),
            None => self.selected.has_service(service),
        }
    }

    pub(super) fn smartstack(&self) -> Smartstack<'_> {
        Smartstack {
            checked: self.checked,
            forest: self.forest,
            dialect: self.env.settings.dialect.dialect(),
        }
    }

    fn node(&self) -> Result<nerve::Node, Error> {
        let node = node::node(&self.args.node, self.tree, &self.env.settings, &self.target.system)?;
        if !self.global.quiet {
            node::say_assumptions(&node);
        }
        Ok(node)
    }

    pub(super) fn nerve(&self) -> Result<Compiled, Error> {
        let clusters = self.clusters()?;
        let cluster = clusters.only()?;
        self.selected.check_names(self.checked, &[FileKind::Marathon], &[cluster])?;
        let node = self.node()?;
        let wanted = |service: &str, instance: &str| self.selected.wants(service, instance);
        let (payloads, held) = self.smartstack().nerve(cluster, &node, self.form(), &wanted);
        let count = payloads.len();
        if !self.is_whole() {
            return Ok(Compiled { count, payloads, held, ..Compiled::default() });
        }
        let mut services = Dict::new();
        for payload in payloads {
            let Data::Dict(registered) = payload.value.data else { continue };
            for entry in registered.into_entries() {
                services.push(entry.key, entry.value);
            }
        }
        Ok(Compiled {
            count,
            files: vec![whole("nerve.conf", &nerve::configuration(services, &node))?],
            held,
            ..Compiled::default()
        })
    }

    pub(super) fn synapse(&self) -> Result<Compiled, Error> {
        self.selected.check_namespaces(self.checked)?;
        let node = self.node()?;
        let keep = |service: &str, name: Option<&str>| self.keeps_namespace(service, name);
        let (fleet, held) = self.smartstack().fleet(PayloadKind::Synapse, &node.locations, &keep);
        let count = fleet.listeners.len();
        if self.is_whole() {
            let value = synapse::configuration(&fleet.listeners, &node.zookeeper);
            let files = vec![whole("synapse.conf", &value)?];
            return Ok(Compiled { count, files, held, ..Compiled::default() });
        }
        let payload = |listener: &Listener| {
            let mut watchers = Dict::new();
            for (name, watcher) in synapse::watchers(listener, &node.zookeeper) {
                watchers.insert(name, watcher);
            }
            Payload { name: listener.name.clone(), value: Value::computed(watchers), is_placeholder: false }
        };
        let payloads = fleet.listeners.iter().map(payload).collect();
        Ok(Compiled { count, payloads, held, ..Compiled::default() })
    }

    pub(super) fn haproxy(&self) -> Result<Compiled, Error> {
        self.selected.check_namespaces(self.checked)?;
        let node = self.node()?;
        let servers = node::servers(&self.args.node)?;
        let keep = |service: &str, name: Option<&str>| self.keeps_namespace(service, name);
        let (fleet, held) = self.smartstack().fleet(PayloadKind::Haproxy, &node.locations, &keep);
        let listeners = fleet.listeners.iter().filter(|listener| listener.port.is_some());
        let count = listeners.clone().count();
        if self.args.format.is_none() {
            let text = haproxy::configuration(&fleet.listeners, &servers);
            return Ok(Compiled {
                count,
                files: vec![("haproxy".to_owned(), "cfg", text)],
                held,
                ..Compiled::default()
            });
        }
        let sections = |listener| Value::computed(haproxy::sections(listener, &servers));
        let payloads = listeners.map(|listener| Payload {
            name: listener.name.clone(),
            value: sections(listener),
            is_placeholder: false,
        });
        Ok(Compiled { count, payloads: payloads.collect(), held, ..Compiled::default() })
    }

    /// The lists of ports for other programs. A service that cannot be read is left out.
    pub(super) fn services_file(&self) -> Compiled {
        let mut held = Held::default();
        let mut configs: Vec<ServiceConfig<'_>> = Vec::new();
        let mut refuse = |service: &Service, refusal: &Refusal| {
            held.refuse_at(self.forest, service.place(), (&service.name, ""), refusal);
        };
        for service in self.checked.services().iter().filter(|service| self.keeps(&service.name)) {
            match self.forest.config(&service.name) {
                // Each alone first: one that has no place in the list must not cost the others theirs.
                Some(Ok(config)) => match self.list(std::slice::from_ref(&config)) {
                    Ok(_) => configs.push(config),
                    Err(refusal) => refuse(service, &refusal),
                },
                Some(Err(refusal)) => refuse(service, &refusal),
                None => {}
            }
        }
        let mut files = Vec::new();
        if let Ok((extension, text)) = self.list(&configs) {
            files.push(("services".to_owned(), extension, text));
        }
        held.settle();
        Compiled { count: configs.len(), files, held, ..Compiled::default() }
    }

    fn list(&self, configs: &[ServiceConfig<'_>]) -> Result<(&'static str, String), Refusal> {
        Ok(match self.args.form {
            FormArg::ServicesJson => ("json", services::json(configs)?),
            FormArg::ServicesYaml => {
                // As Python's isoformat has it: six digits of a second, or none.
                let digits = if self.target.now.subsec_nanosecond() == 0 {
                    "%Y-%m-%dT%H:%M:%S"
                } else {
                    "%Y-%m-%dT%H:%M:%S.%6f"
                };
                let now = self.target.now.strftime(digits).to_string();
                ("yaml", services::yaml_file(configs, &now, &self.args.node.node_name)?)
            }
            FormArg::Fact => ("txt", services::fact(configs)?),
            _ => ("txt", services::rfc1700(configs, |service| self.port_file(service))?),
        })
    }

    fn port_file(&self, service: &str) -> Option<String> {
        let bytes = self.tree.disk.read(&ServiceName::new(service.to_owned().into()), "port")?.ok()?;
        String::from_utf8(bytes).ok()
    }
}
