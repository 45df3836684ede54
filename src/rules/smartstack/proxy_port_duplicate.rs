//! One port, several namespaces.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Edit, Place};
use crate::repo::{NamespaceFact, Needs, PortFact, ServiceFacts};
use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, Rule, Sink, TreeCx};

pub(crate) static RULE: Rule = rule! {
    /// Finds SmartStack namespaces that share a `proxy_port`, in one file or anywhere in the tree.
    ///
    /// ## Why it matters
    ///
    /// Every host runs a listener for every namespace. HAProxy takes two listeners on one port
    /// without a word, and Linux deals the connections out between them at random: half of the
    /// requests to either service reach the other one, on every host. The port must be unique in
    /// all environments.
    ///
    /// ## Example
    ///
    /// ```yaml cart/smartstack.yaml
    /// main:
    ///   proxy_port: 20520
    /// ```
    ///
    /// ```yaml wishlist/smartstack.yaml
    /// main:
    ///   proxy_port: 20520
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml cart/smartstack.yaml
    /// main:
    ///   proxy_port: 20520
    /// ```
    ///
    /// ```yaml wishlist/smartstack.yaml
    /// main:
    ///   proxy_port: 20521
    /// ```
    ///
    /// ## Fix safety
    ///
    /// The fix takes the next free port of the configured range. It is unsafe: clients may
    /// already use the port, and only a person knows which of the owners must move.
    ///
    /// ## Source
    ///
    /// The documentation of `proxy_port`: "must be unique across all environments". HAProxy 2.6 was
    /// tried: it finds such a configuration valid, starts, and each connection gets to either
    /// listener, since it opens ports with `SO_REUSEPORT` (Linux 3.9 and later).
    "proxy-port-duplicate" in Smartstack,
    level: Error,
    fix: crate::rules::Fixable::Sometimes,
    blocks: Blocks::Smartstack,
    check: Check::Tree(Needs::NAMESPACES, check),
};

/// Owners of a port beyond the finding's own that are shown.
const MOST_OWNERS: usize = 5;

/// A namespace that has a port, with the place of the number.
#[derive(Clone, Copy)]
struct Owner<'a> {
    service: &'a ServiceFacts,
    namespace: &'a NamespaceFact,
    place: &'a Place,
}

fn check(cx: &TreeCx<'_>, sink: &mut Sink<'_>) {
    let mut owners: BTreeMap<i64, Vec<Owner<'_>>> = BTreeMap::new();
    for service in cx.services {
        for namespace in &service.namespaces {
            if let PortFact::Number(port, place) = &namespace.port
                && (1..=65_535).contains(port)
            {
                owners.entry(*port).or_default().push(Owner { service, namespace, place });
            }
        }
    }
    let mut ports: Option<Ports<'_>> = None;
    for (port, owners) in owners.iter().filter(|(_, owners)| owners.len() > 1) {
        let selected = owners.iter().enumerate().filter(|(_, owner)| owner.service.selected);
        for (index, owner) in selected.take(MOST_FINDINGS) {
            // Where all owners are in one file, the first is shown at the others.
            let same_file = |other: &Owner<'_>| other.place.file == owner.place.file;
            if index == 0 && owners.iter().all(same_file) {
                continue;
            }
            let free = ports.get_or_insert_with(|| Ports::of(cx)).next_free();
            report(cx, sink, *port, owners, index, free);
        }
    }
}

/// Findings for one port; a tree with more owners of it has a template that nobody rendered.
const MOST_FINDINGS: usize = 50;

fn report(
    cx: &TreeCx<'_>,
    sink: &mut Sink<'_>,
    port: i64,
    owners: &[Owner<'_>],
    index: usize,
    free: Option<u16>,
) {
    let Some(owner) = owners.get(index) else { return };
    let others = || owners.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, other)| other);
    let Some(first) = others().next() else { return };
    // The same text for two namespaces: an alias or a merge brought it here.
    let is_shared = others().any(|o| o.place.file == owner.place.file && o.place.span == owner.place.span);
    let place = if is_shared { &owner.namespace.place } else { owner.place };
    let more = match others().count() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let message = format!("the port {port} is also that of `{}`{more}", name(first));
    let help = match free {
        Some(free) => format!("pick another port for one of them; {free} is free"),
        None => "pick another port for one of them".to_owned(),
    };
    let mut finding = cx
        .at(owner.service, place.clone(), message)
        .instance(owner.namespace.name.as_str())
        .label("a port can have one namespace only")
        .why("HAProxy takes both: on every host, each connection reaches either service by chance")
        .help(help)
        .identity(format!("{port} {}", name(owner)));
    for other in others().take(MOST_OWNERS) {
        let other_place = if is_shared { &other.namespace.place } else { other.place };
        finding = finding.related(other_place.clone(), format!("`{}` has it here", name(other)));
    }
    // Only the others get a fix, so that applying all of them leaves the first where it is.
    if let (Some(free), Some(span), false) = (free, place.span, is_shared || index == 0) {
        finding = finding
            .unsafe_fix(format!("use the free port {free}"), vec![Edit { span, text: free.to_string() }]);
    }
    sink.report(finding);
}

fn name(owner: &Owner<'_>) -> String {
    shown(&format!("{}.{}", owner.service.name, owner.namespace.name))
}

/// Which ports of the configured range are free.
pub(super) struct Ports<'a> {
    taken: BTreeSet<u16>,
    reserved: &'a [u16],
    next: Option<u16>,
    last: u16,
}

impl<'a> Ports<'a> {
    /// Those that no namespace of the tree has.
    pub(super) fn of(cx: &TreeCx<'a>) -> Self {
        let ports = &cx.env.settings.ports;
        let namespaces = cx.services.iter().flat_map(|service| &service.namespaces);
        let taken = namespaces.filter_map(|namespace| match namespace.port {
            PortFact::Number(port, _) => u16::try_from(port).ok(),
            _ => None,
        });
        Self {
            taken: taken.collect(),
            reserved: &ports.reserved,
            next: Some(ports.range.0),
            last: ports.range.1,
        }
    }

    /// The next one, each once.
    pub(super) fn next_free(&mut self) -> Option<u16> {
        while let Some(port) = self.next.filter(|port| *port <= self.last) {
            self.next = port.checked_add(1);
            if !self.taken.contains(&port) && !self.reserved.contains(&port) {
                return Some(port);
            }
        }
        None
    }
}
