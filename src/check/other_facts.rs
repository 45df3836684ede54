//! Facts of services that are not checked themselves: ports, namespaces, jobs.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::Run;
use crate::findings::Findings;
use crate::model::kind::FileKind;
use crate::repo::{Document, Service, ServiceFacts, ServiceName, TreeSource, Wanted};
use crate::rules;
use crate::yaml::Reader;

/// Reads what the rules of the tree need of services that were not selected.
pub(super) fn load_other_facts(source: &dyn TreeSource, run: &Run<'_>, facts: &mut Vec<ServiceFacts>) {
    let needs = run.needs;
    let load = |name: &ServiceName, wanted: &Wanted| {
        ServiceFacts::of(&Service::parse(source.load(name, wanted), &run.reader), false)
    };
    let known: BTreeSet<String> = facts.iter().map(|service| service.name.clone()).collect();
    let others: BTreeMap<&str, &ServiceName> = source
        .service_names()
        .iter()
        .filter(|name| !known.contains(&name.text))
        .map(|name| (name.text.as_str(), name))
        .collect();
    let mut loaded: BTreeMap<String, ServiceFacts> = BTreeMap::new();
    if needs.namespaces {
        // Ports are compared with those of everybody, which asks for one file of each service. What a
        // selected service refers to has to be right: there the key in service.yaml counts, too.
        let referred: BTreeSet<&str> = facts.iter().flat_map(namespace_services).collect();
        let wanted = |name: &ServiceName| {
            if referred.contains(name.text.as_str()) { Wanted::Namespaces } else { Wanted::Smartstack }
        };
        let names: Vec<&ServiceName> = others.values().copied().collect();
        let read: Vec<ServiceFacts> = names.par_iter().map(|name| load(name, &wanted(name))).collect();
        for service in read {
            // Only smartstack.yaml was read.
            let service = ServiceFacts { jobs_known: false, ..service };
            loaded.insert(service.name.clone(), service);
        }
    }
    if needs.parents {
        // Follow parents from service to service until nothing new turns up.
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut open: Vec<String> = facts.iter().flat_map(parent_services).collect();
        while let Some(name) = open.pop() {
            let Some(&other) = others.get(name.as_str()) else { continue };
            if !seen.insert(name) {
                continue;
            }
            let chronos = load(other, &Wanted::Chronos);
            open.extend(parent_services(&chronos));
            let entry = loaded.entry(chronos.name.clone());
            let service = entry.or_insert_with(|| ServiceFacts {
                name: chronos.name.clone(),
                namespaces_known: false,
                ..ServiceFacts::default()
            });
            service.jobs = chronos.jobs;
            service.jobs_known = chronos.jobs_known;
        }
    }
    facts.extend(loaded.into_values());
}

/// What cannot be read of the services that `facts` refer to, beside those of `checked`: whether they hold what
/// is referred to, nobody knows, and so nobody may call it good.
pub(super) fn report_unread(
    source: &dyn TreeSource,
    run: &Run<'_>,
    facts: &[&ServiceFacts],
    checked: &BTreeSet<String>,
    out: &mut Findings,
) {
    let namespaces: BTreeSet<&str> = facts.iter().copied().flat_map(namespace_services).collect();
    let parents: BTreeSet<String> = facts.iter().copied().flat_map(parent_services).collect();
    for name in source.service_names().iter().filter(|name| !checked.contains(&name.text)) {
        let is_needed = |document: &Document| match document.kind {
            Some(FileKind::Chronos) => parents.contains(&name.text),
            // Who reads a namespace reads all of these.
            _ => document.is_shared() && namespaces.contains(name.text.as_str()),
        };
        if !namespaces.contains(name.text.as_str()) && !parents.contains(&name.text) {
            continue;
        }
        let service = Service::parse(source.load(name, &Wanted::Everything), &run.reader);
        if let Some(reason) = &service.error {
            rules::reader::report_unread(run.env, &service, reason, out);
        }
        let unreadable = service.documents.iter().filter(|document| document.tree().is_none());
        for document in unreadable.filter(|document| is_needed(document)) {
            rules::reader::report(run.env, document, out);
        }
    }
}

/// The services of `source` with instances, namespaces or jobs that depend on services of these names.
pub fn dependants(source: &dyn TreeSource, names: &BTreeSet<String>) -> BTreeSet<String> {
    // What another dialect refuses as a whole depends on nothing: to look at it costs little.
    let reader = Reader::default();
    let depends = |name: &&ServiceName| {
        let facts = ServiceFacts::of(&Service::parse(source.load(name, &Wanted::Everything), &reader), false);
        let refers = namespace_services(&facts).any(|other| names.contains(other));
        refers || parent_services(&facts).iter().any(|other| names.contains(other))
    };
    let dependants = source.service_names().par_iter().filter(depends);
    dependants.map(|name| name.text.clone()).collect()
}

/// Names of the services in whose namespaces instances of `service` register, through whose its own are reached, or
/// which firewalls let it reach.
fn namespace_services(service: &ServiceFacts) -> impl Iterator<Item = &str> {
    let registrations = service.registrations.iter().map(|registration| registration.target.as_str());
    let through = service.namespaces.iter().filter_map(|namespace| namespace.proxied_through.as_ref());
    let dependencies = service.dependencies.iter().map(|dependency| dependency.target.as_str());
    let targets = registrations.chain(through.map(|through| through.target.as_str())).chain(dependencies);
    targets.filter_map(|target| Some(target.split_once('.')?.0))
}

/// Names of the services that the jobs of `service` wait for.
fn parent_services(service: &ServiceFacts) -> Vec<String> {
    let parents = service.jobs.iter().flat_map(|job| job.parents.iter().chain(&job.idle_parents));
    parents.filter_map(|parent| Some(parent.name.split_once('.')?.0.to_owned())).collect()
}
