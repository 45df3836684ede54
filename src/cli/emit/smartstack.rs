//! What SmartStack gets: nerve's and synapse's configuration, HAProxy's.

use crate::check::PayloadKind;
use crate::emit::python::{Data, Dict, Value, write_json};
use crate::emit::smartstack::compile::Tree as Smartstack;
use crate::emit::smartstack::listener::Listener;
use crate::emit::smartstack::{haproxy, nerve, synapse};
use crate::emit::{Held, Payload};

use super::super::output::{Output, Text};
use super::super::{Error, node};
use super::{Done, Job};

impl Job<'_> {
    /// Whether a namespace is meant; without a name the service as a whole.
    fn keeps_namespace(&self, service: &str, namespace: Option<&str>) -> bool {
        match namespace {
            Some(namespace) => self.selected.wants(service, namespace),
            None => self.selected.has_service(service),
        }
    }

    fn smartstack(&self) -> Smartstack<'_> {
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

    pub(super) fn nerve(
        &self,
        cluster: &str,
        output: &mut Output<'_>,
        done: &mut Done,
    ) -> Result<Held, Error> {
        let node = self.node()?;
        let wanted = |service: &str, instance: &str| self.selected.wants(service, instance);
        let (payloads, held) = self.smartstack().nerve(cluster, &node, self.form(), &wanted);
        node::refuse_nowhere(&held, &node)?;
        if !self.is_whole() {
            return self.write_all(&payloads, held, output, done);
        }
        done.given += payloads.len();
        let mut services = Dict::new();
        for payload in payloads {
            let Data::Dict(registered) = payload.value.data else { continue };
            for entry in registered.into_entries() {
                services.push(entry.key, entry.value);
            }
        }
        output.write(whole("nerve.conf", &nerve::configuration(services, &node))?)?;
        Ok(held)
    }

    /// The namespaces as PaaSTA reads them.
    pub(super) fn namespaces(&self, output: &mut Output<'_>, done: &mut Done) -> Result<Held, Error> {
        let (payloads, held) =
            self.smartstack().namespaces(&|service, name| self.selected.wants(service, name));
        self.write_all(&payloads, held, output, done)
    }

    pub(super) fn synapse(&self, output: &mut Output<'_>, done: &mut Done) -> Result<Held, Error> {
        let node = self.node()?;
        let keep = |service: &str, name: Option<&str>| self.keeps_namespace(service, name);
        let (fleet, held) = self.smartstack().fleet(PayloadKind::Synapse, &node.locations, &keep);
        node::refuse_nowhere(&held, &node)?;
        if self.is_whole() {
            done.given += fleet.listeners.len();
            let value = synapse::configuration(&fleet.listeners, &node.zookeeper);
            output.write(whole("synapse.conf", &value)?)?;
            return Ok(held);
        }
        let payload = |listener: &Listener| {
            let mut watchers = Dict::new();
            for (name, watcher) in synapse::watchers(listener, &node.zookeeper) {
                watchers.insert(name, watcher);
            }
            named(listener, Value::computed(watchers))
        };
        let payloads: Vec<Payload<'_>> = fleet.listeners.iter().map(payload).collect();
        self.write_all(&payloads, held, output, done)
    }

    pub(super) fn haproxy(&self, output: &mut Output<'_>, done: &mut Done) -> Result<Held, Error> {
        let node = self.node()?;
        let servers = node::servers(&self.args.node)?;
        let keep = |service: &str, name: Option<&str>| self.keeps_namespace(service, name);
        let (fleet, held) = self.smartstack().fleet(PayloadKind::Haproxy, &node.locations, &keep);
        node::refuse_nowhere(&held, &node)?;
        let listeners = fleet.listeners.iter().filter(|listener| listener.port.is_some());
        if self.is_whole() {
            done.given += listeners.count();
            let text = haproxy::configuration(&fleet.listeners, &servers);
            output.write(Text::file(None, "haproxy", "cfg", text))?;
            return Ok(held);
        }
        let payload = |listener| named(listener, Value::computed(haproxy::sections(listener, &servers)));
        let payloads: Vec<Payload<'_>> = listeners.map(payload).collect();
        self.write_all(&payloads, held, output, done)
    }

    fn write_all(
        &self,
        payloads: &[Payload<'_>],
        mut held: Held,
        output: &mut Output<'_>,
        done: &mut Done,
    ) -> Result<Held, Error> {
        for text in super::texts(payloads, self.forest, output.layout(), &mut held) {
            done.given += 1;
            output.write(text)?;
        }
        Ok(held)
    }
}

/// The payload of a namespace.
fn named(listener: &Listener, value: Value<'static>) -> Payload<'static> {
    let name = listener.name.clone();
    let service = name.split_once('.').map_or(name.as_str(), |(service, _)| service).to_owned();
    Payload { service, name, value, is_placeholder: false }
}

/// A value as a whole JSON file.
fn whole(name: &str, value: &Value<'_>) -> Result<Text, Error> {
    let mut text = String::new();
    write_json(value, 0, &mut text)
        .map_err(|error| Error::usage(format!("`{name}.json` cannot be written: {error}"), ""))?;
    text.push('\n');
    Ok(Text::file(None, name, "json", text))
}
