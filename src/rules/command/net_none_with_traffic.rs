//! Requests to containers without a network.

use crate::model::kind::FileKind;
use crate::rules::support::registered::{LazyNamespaces, Standing, marathon_instances};
use crate::rules::{Blocks, Check, InstanceCx, Located, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances without a network that are asked over the network: by a health check, by
    /// SmartStack, or at a port of the host.
    ///
    /// ## Why it matters
    ///
    /// With `net: none` a container has no interface but its own loopback. A health check over tcp
    /// or http never succeeds, so Marathon kills every task; requests through SmartStack never
    /// arrive.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   net: none
    ///   healthcheck_mode: tcp
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   net: bridge
    ///   healthcheck_mode: tcp
    /// ```
    ///
    /// ## Source
    ///
    /// Docker's documentation of network `none`.
    "net-none-with-traffic" in Command,
    level: Error,
    // The payload can be built, and is refused by nobody.
    blocks: Blocks::Nothing,
    on: On::keys(&["net"]).within(&[FileKind::Marathon]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let namespaces = LazyNamespaces::new(cx);
    for instance in marathon_instances(cx) {
        let Some(net) = instance.set("net").filter(|net| net.value.as_str() == Some("none")) else {
            continue;
        };
        judge(&instance, &net, &namespaces, sink);
    }
}

fn judge<'a>(
    cx: &InstanceCx<'a>,
    net: &Located<'a>,
    namespaces: &LazyNamespaces<'_, 'a>,
    sink: &mut Sink<'_>,
) {
    let over_network = |mode: &Located<'_>| matches!(mode.value.as_str(), Some("http" | "https" | "tcp"));
    let finding = if let Some(mode) = cx.set("healthcheck_mode").filter(over_network) {
        cx.at_value(net, "a container without a network cannot be asked whether it is healthy")
            .related(mode.value_place(), "the health check comes over the network")
            .why("the check never succeeds, so every task is killed after a while")
    } else if let Standing::In(namespace) = namespaces.standing(cx) {
        cx.at_value(net, "no requests reach a container without a network")
            .related(
                namespace.document.place(namespace.entry.key.span()),
                "SmartStack sends requests to this namespace",
            )
            .why("every request to its tasks fails")
    } else if let Some(port) =
        cx.set("host_port").filter(|port| port.value.as_i64().is_some_and(|port| port > 0))
    {
        cx.at_value(net, "no requests reach a container without a network")
            .related(port.value_place(), "this port of the host leads nowhere")
            .why("every request to the port fails")
    } else {
        return;
    };
    sink.report(finding.label("no network").help("use `net: bridge`, which is the default"));
}
