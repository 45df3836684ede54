//! A namespace without `proxy_port`.

use super::proxy_port_duplicate::Ports;
use crate::model::kind::FileKind;
use crate::repo::{Needs, PortFact};
use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, Rule, Sink, TreeCx};
use crate::schema::check::What;

pub(crate) static RULE: Rule = rule! {
    /// Finds SmartStack namespaces without a `proxy_port`.
    ///
    /// ## Why it matters
    ///
    /// `proxy_port` is where clients on every host reach the service, and the one key of a
    /// namespace that is not optional. Without it HAProxy has no listener, tasks do not
    /// register, and every other setting of the namespace is useless.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   timeout_server_ms: 3000
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   timeout_server_ms: 3000
    /// ```
    ///
    /// `proxy_port: null` says that the namespace is meant for discovery only, but see
    /// `proxy-port-null-broken` for what PaaSTA makes of that.
    ///
    /// ## Source
    ///
    /// The documentation of smartstack.yaml: "all but proxy_port are optional". paasta-tools
    /// 0.66.6 does not look; the namespace is then not load balanced.
    "proxy-port-missing" in Smartstack,
    level: Error (Paasta066: Warning),
    blocks: Blocks::Smartstack,
    speaks_for: Some(|error| {
        error.kind == FileKind::Smartstack
            && matches!(error.problem.what, What::MissingKey(_, key) if key.name == "proxy_port")
    }),
    check: Check::Tree(Needs::NAMESPACES, check),
};

fn check(cx: &TreeCx<'_>, sink: &mut Sink<'_>) {
    let mut ports: Option<Ports<'_>> = None;
    for service in cx.selected() {
        for namespace in &service.namespaces {
            if !namespace.is_mapping || !matches!(namespace.port, PortFact::Absent) {
                continue;
            }
            let ports = ports.get_or_insert_with(|| Ports::of(cx));
            let mut help = match ports.next_free() {
                Some(port) => format!("add `proxy_port: {port}`, which is free"),
                None => "add a `proxy_port` that no other namespace has".to_owned(),
            };
            // There is no discovery only for paasta-tools 0.66: `proxy-port-null-broken`.
            if cx.env.dialect.null_proxy_port_registers {
                help.push_str(", or `proxy_port: null` for discovery only");
            }
            let message = format!("the namespace `{}` has no `proxy_port`", shown(&namespace.name));
            sink.report(
                cx.at(service, namespace.place.clone(), message)
                    .instance(namespace.name.as_str())
                    .label("clients have no port to reach it")
                    .why("without a port nothing is load balanced, and the other settings do nothing")
                    .help(help)
                    .absent(&["proxy_port"]),
            );
        }
    }
}
