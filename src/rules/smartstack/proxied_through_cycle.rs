//! Proxies that go round in a circle.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::repo::{NamespaceFact, Needs, ServiceFacts};
use crate::rules::support::registered::split;
use crate::rules::support::words::shown;
use crate::rules::{Check, Rule, Sink, TreeCx};

pub(crate) static RULE: Rule = rule! {
    /// Finds namespaces that are proxied through each other in a circle.
    ///
    /// ## Why it matters
    ///
    /// Requests to a namespace with `proxied_through` go to the tasks of the proxy first. When
    /// the proxy's own requests are proxied back, two services answer for each other, and neither
    /// is what its clients think it is. Nobody means that.
    ///
    /// ## Example
    ///
    /// ```yaml cache/smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   proxied_through: search.main
    /// ```
    ///
    /// ```yaml search/smartstack.yaml
    /// main:
    ///   proxy_port: 20029
    ///   proxied_through: cache.main
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml cache/smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    /// ```
    ///
    /// ```yaml search/smartstack.yaml
    /// main:
    ///   proxy_port: 20029
    ///   proxied_through: cache.main
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `proxied_through`; synapse-tools `configure_synapse`.
    "proxied-through-cycle" in Smartstack,
    level: Warning,
    check: Check::Tree(Needs::NAMESPACES, check),
};

/// Members of a circle that are shown.
const MOST_MEMBERS: usize = 6;

type Node<'a> = (&'a ServiceFacts, &'a NamespaceFact);

fn check(cx: &TreeCx<'_>, sink: &mut Sink<'_>) {
    let proxied = |service: &ServiceFacts| service.namespaces.iter().any(|n| n.proxied_through.is_some());
    if !cx.selected().any(proxied) {
        return;
    }
    let mut nodes: BTreeMap<(&str, &str), Node<'_>> = BTreeMap::new();
    for service in cx.services {
        for namespace in service.namespaces.iter().filter(|n| n.proxied_through.is_some()) {
            nodes.insert((&service.name, &namespace.name), (service, namespace));
        }
    }
    // Each namespace leads to one other at most: walk until something is met again.
    let mut walk_of: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (number, start) in nodes.keys().enumerate() {
        let mut path: Vec<Node<'_>> = Vec::new();
        let mut current = Some(*start);
        while let Some(name) = current {
            let Some(&node) = nodes.get(&name) else { break };
            if let Some(&walk) = walk_of.get(&name) {
                if walk == number {
                    let at = path.iter().position(|(s, n)| (s.name.as_str(), n.name.as_str()) == name);
                    report(cx, sink, path.get(at.unwrap_or(0)..).unwrap_or_default());
                }
                break;
            }
            walk_of.insert(name, number);
            path.push(node);
            current = node.1.proxied_through.as_ref().and_then(|proxy| split(&proxy.target));
        }
    }
}

/// One finding for the circle, at its first member that is checked.
fn report(cx: &TreeCx<'_>, sink: &mut Sink<'_>, circle: &[Node<'_>]) {
    // A namespace that names itself is what `proxied-through-target` reports.
    let Some(first) = circle.iter().position(|(service, _)| service.selected).filter(|_| circle.len() > 1)
    else {
        return;
    };
    let members = || circle.iter().cycle().skip(first).take(circle.len());
    let Some((service, namespace)) = members().next() else { return };
    let Some(proxy) = &namespace.proxied_through else { return };
    let own = format!("{}.{}", service.name, namespace.name);
    let mut path = format!("`{}`", shown(&own));
    let mut finding = cx.at(service, proxy.place.clone(), String::new());
    for (service, namespace) in members().skip(1).take(MOST_MEMBERS) {
        let name = shown(&format!("{}.{}", service.name, namespace.name));
        // Writing to a string cannot fail.
        let _ = write!(path, " -> `{name}`");
        if let Some(proxy) = &namespace.proxied_through {
            finding = finding.related(proxy.place.clone(), format!("`{name}` leads on from here"));
        }
    }
    if circle.len() > MOST_MEMBERS + 1 {
        path.push_str(" -> ...");
    }
    finding.message = format!("these namespaces are proxied through each other: {path} -> `{}`", shown(&own));
    sink.report(
        finding
            .instance(namespace.name.as_str())
            .label("leads back here")
            .why("requests end at another service than the one that was asked for")
            .help("remove `proxied_through` from the namespace that is the proxy"),
    );
}
