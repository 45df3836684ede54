//! SmartStack's payloads of a checked tree, instance by instance or namespace by namespace.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::{CheckedTree, PayloadKind};
use crate::dialect::Dialect;
use crate::effective::{Forest, Namespace, entries};
use crate::emit::python::{Dict, Value};
use crate::emit::{Form, Held, Payload, Refusal, convert};
use crate::model::kind::FileKind;
use crate::repo::Service;

use super::fleet::Fleet;
use super::locations::Locations;
use super::nerve::{self, Node};
use super::registration::{FIRST_PORT, Registration, Tasks};

/// A tree that was checked as a whole.
#[derive(Clone, Copy, Debug)]
pub struct Tree<'a> {
    /// What the check let through.
    pub checked: &'a CheckedTree,
    /// Its services.
    pub forest: &'a Forest<'a>,
    /// How disagreements between documentation and code are settled.
    pub dialect: &'static Dialect,
}

impl<'a> Tree<'a> {
    /// What nerve registers on a node on which one task of every Marathon instance of the cluster
    /// runs, on ports from [`FIRST_PORT`] on in the order of their names: for each instance that
    /// `wanted` accepts nerve's services, or in form `paasta` what nerve-tools is fed.
    pub fn nerve(
        &self,
        cluster: &str,
        node: &Node,
        form: Form,
        wanted: &dyn Fn(&str, &str) -> bool,
    ) -> (Vec<Payload<'static>>, Held) {
        let ports = self.ports(cluster);
        let withheld = self.withheld_namespaces();
        let (mut payloads, mut held) = (Vec::new(), Held::default());
        for service in self.checked.services() {
            let Some(config) = self.forest.config(&service.name) else { continue };
            let tasks = match &config {
                Ok(config) => Tasks::of(config, cluster),
                Err(refusal) => Err(refusal.clone()),
            };
            for instance in self.checked.instances(service, FileKind::Marathon, PayloadKind::Nerve, cluster) {
                let instance = match instance {
                    Ok(instance) if wanted(&service.name, instance.name()) => instance,
                    Err(refused) if wanted(&service.name, &refused.name) => {
                        held.add(&refused);
                        continue;
                    }
                    Ok(_) | Err(_) => continue,
                };
                let port = ports.get(&(service.name.as_str(), instance.name())).copied();
                let found = match (&tasks, port) {
                    (Ok(tasks), Some(port)) => {
                        tasks.registrations(instance.name(), port, self.forest, self.dialect)
                    }
                    (Ok(_), None) => {
                        Err(Refusal::new("ValueError", "so many instances that no port is left for its task"))
                    }
                    (Err(refusal), _) => Err(refusal.clone()),
                };
                let value = found.and_then(|found| {
                    not_withheld(&found, &withheld)?;
                    registered(&found, node, form)
                });
                match value {
                    Ok(value) => {
                        let name = format!("{}.{}", service.name, instance.name());
                        let service = service.name.clone();
                        payloads.push(Payload { service, name, value, is_placeholder: false });
                    }
                    Err(refusal) => held.refuse(self.forest, &instance, &refusal),
                }
            }
        }
        held.settle();
        (payloads, held)
    }

    /// The port of every Marathon instance of the cluster, valid or not.
    fn ports(&self, cluster: &str) -> BTreeMap<(&'a str, &'a str), u16> {
        let mut names: Vec<(&str, &str)> = Vec::new();
        for service in self.checked.services() {
            let written = entries(service, FileKind::Marathon, cluster).flatten();
            names.extend(written.map(|written| (service.name.as_str(), written.name)));
        }
        names.sort_unstable();
        names.dedup();
        names.into_iter().zip(FIRST_PORT..=u16::MAX).collect()
    }

    /// Names (`service.namespace`) that no payload of SmartStack may have.
    fn withheld_namespaces(&self) -> BTreeSet<String> {
        let of = |service: &'a Service| {
            let found = self.checked.namespaces(service, PayloadKind::Nerve);
            found.into_iter().filter_map(move |found| Some(format!("{}.{}", service.name, found.err()?.name)))
        };
        self.checked.services().iter().flat_map(of).collect()
    }

    /// The listeners that synapse and HAProxy get, and what they do not get: of the namespaces that
    /// `keep` accepts ([`Fleet::retain`]).
    pub fn fleet(
        &self,
        kind: PayloadKind,
        locations: &Locations,
        keep: &dyn Fn(&str, Option<&str>) -> bool,
    ) -> (Fleet, Held) {
        let (mut fleet, withheld) = Fleet::of(self.checked, self.forest, kind, locations, self.dialect);
        fleet.retain(keep);
        let mut held = Held::default();
        for namespace in withheld.iter().filter(|held| keep(&held.service.name, Some(&held.name))) {
            held.add_named(&namespace.service.name, Some(&namespace.name), &namespace.reasons);
        }
        for (name, refusal) in &fleet.refused {
            let (service, namespace) = match name.split_once('.') {
                Some((service, namespace)) => (service, Some(namespace)),
                None => (name.as_str(), None),
            };
            let whole = self
                .forest
                .service(service)
                .map_or_else(|| crate::diagnostic::Place::whole(service), Service::place);
            held.refuse_at(self.forest, whole, (service, namespace), refusal);
        }
        held.settle();
        (fleet, held)
    }

    /// Every namespace that `keep` accepts, given service and name, as PaaSTA reads it.
    pub fn namespaces(&self, keep: &dyn Fn(&str, &str) -> bool) -> (Vec<Payload<'static>>, Held) {
        let (mut payloads, mut held) = (Vec::new(), Held::default());
        for service in self.checked.services() {
            let Some(config) = self.forest.config(&service.name) else { continue };
            for namespace in self.checked.namespaces(service, PayloadKind::Synapse) {
                let valid = match namespace {
                    Ok(valid) if keep(&service.name, valid.name()) => valid,
                    Err(refused) if keep(&service.name, &refused.name) => {
                        held.add_named(&service.name, Some(&refused.name), &refused.reasons);
                        continue;
                    }
                    Ok(_) | Err(_) => continue,
                };
                let read = match &config {
                    Ok(config) => Namespace::load(config, valid.name(), self.dialect),
                    Err(refusal) => Err(refusal.clone()),
                };
                match read {
                    Ok(namespace) => payloads.push(Payload {
                        service: service.name.clone(),
                        name: format!("{}.{}", service.name, valid.name()),
                        value: convert::owned(&Value::computed(namespace.values)),
                        is_placeholder: false,
                    }),
                    Err(refusal) => {
                        held.refuse_at(
                            self.forest,
                            valid.place(),
                            (&service.name, Some(valid.name())),
                            &refusal,
                        );
                    }
                }
            }
        }
        held.settle();
        (payloads, held)
    }
}

/// Refuses to register where clients would find a namespace that is withheld.
fn not_withheld(found: &[Registration<'_>], withheld: &BTreeSet<String>) -> Result<(), Refusal> {
    match found.iter().find(|registration| withheld.contains(&registration.name)) {
        Some(registration) => Err(Refusal::new(
            "ValueError",
            format!("it registers in `{}`, which is withheld itself", registration.name),
        )
        .help("repair that namespace first")),
        None => Ok(()),
    }
}

fn registered(found: &[Registration<'_>], node: &Node, form: Form) -> Result<Value<'static>, Refusal> {
    if form == Form::Paasta {
        let pairs = found.iter().map(|registration| convert::owned(&registration.pair()));
        return Ok(Value::computed(pairs.collect::<Vec<_>>()));
    }
    let mut services = Dict::new();
    for registration in found {
        for entry in nerve::services(registration, node)?.into_entries() {
            services.push(entry.key, entry.value);
        }
    }
    Ok(Value::computed(services))
}
