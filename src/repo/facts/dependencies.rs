//! Lists of dependencies, and which of them open a firewall.

use std::collections::{BTreeMap, HashMap};

use super::{Dependency, mapping_entries};
use crate::model::kind::FileKind;
use crate::repo::{Document, Service};
use crate::yaml::{Kind, Tree, Value};

/// The `smartstack` entries of every list, each once however many aliases lead to it.
pub(super) fn of(service: &Service) -> Vec<Dependency> {
    // `dependencies:` in service.yaml replaces the file (paasta-behaviour.md section 2).
    let replaced =
        service.defaults().and_then(|(document, root)| Some((document, root.get("dependencies")?)));
    let Some((document, lists)) = replaced.or_else(|| service.mapping("dependencies.yaml")) else {
        return Vec::new();
    };
    let firewalls = firewalls(service);
    let mut found: BTreeMap<u32, (Value<'_>, Option<&str>)> = BTreeMap::new();
    for list in mapping_entries(lists).filter(|list| list.value.kind() == Kind::Seq) {
        let firewall = list.key.as_str().and_then(|name| firewalls.get(name).copied());
        for entry in list.value.items().filter(|entry| entry.kind() == Kind::Map) {
            let Some(target) = entry.get("smartstack").filter(|target| target.kind() == Kind::Str) else {
                continue;
            };
            let (_, known) = found.entry(target.id()).or_insert((target, None));
            *known = known.or(firewall);
        }
    }
    let dependency = |(target, firewall): (Value<'_>, Option<&str>)| Dependency {
        target: target.text().to_owned(),
        place: document.place(target.span()),
        firewall_of: firewall.map(str::to_owned),
    };
    found.into_values().map(dependency).collect()
}

/// The first instance with an outbound firewall that each list opens.
fn firewalls(service: &Service) -> HashMap<&str, &str> {
    let defaults = service.defaults().map(|(_, root)| root);
    // Firewalls are for what Mesos runs (`firewall:services_running_here`).
    let is_run = |document: &&Document| matches!(document.kind, Some(FileKind::Marathon | FileKind::Chronos));
    let roots = service.documents.iter().filter(is_run).filter_map(Document::tree).map(Tree::root);
    let mut firewalls = HashMap::new();
    for instance in roots.flat_map(mapping_entries).filter(|instance| instance.value.kind() == Kind::Map) {
        let Some(name) = instance.key.as_str() else { continue };
        let reference = instance.value.get("dependencies_reference");
        let reference = reference.or_else(|| defaults?.get("dependencies_reference")).and_then(Value::as_str);
        if let Some(reference) = reference
            && has_firewall(instance.value.get("security"), defaults.and_then(|root| root.get("security")))
        {
            firewalls.entry(reference).or_insert(name);
        }
    }
    firewalls
}

/// Whether `outbound_firewall` is set: mappings are merged, everything else replaces what service.yaml says.
fn has_firewall(own: Option<Value<'_>>, default: Option<Value<'_>>) -> bool {
    let of_default = || default?.get("outbound_firewall");
    let firewall = match own {
        Some(own) if own.kind() == Kind::Map => own.get("outbound_firewall").or_else(of_default),
        Some(_) => None,
        None => of_default(),
    };
    firewall.and_then(Value::as_str).is_some_and(|firewall| !firewall.is_empty())
}
