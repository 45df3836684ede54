//! A port outside the agreed range.

use crate::rules::{Check, NamespaceCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds `proxy_port` values outside the range that is kept free for SmartStack.
    ///
    /// ## Why it matters
    ///
    /// The listener is opened on every host. Outside the agreed range something else may
    /// already listen there on some of them, or ask for the port later.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 8080
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    /// ```
    ///
    /// The range is `ports: {range: [20000, 21000]}` unless `.soalint.yaml` says otherwise.
    ///
    /// ## Source
    ///
    /// The documentation of `proxy_port`: "we pick from the range [20000, 21000]".
    "proxy-port-range" in Smartstack,
    level: Warning,
    on: On::keys(&["proxy_port"]),
    check: Check::Namespace(check),
};

fn check(cx: &NamespaceCx<'_>, sink: &mut Sink<'_>) {
    let Some((located, port)) = super::proxy_port_reserved::port(cx) else { return };
    let ports = &cx.env.settings.ports;
    let (first, last) = ports.range;
    if (first..=last).contains(&port) || ports.reserved.contains(&port) {
        return;
    }
    sink.report(
        cx.at_value(&located, format!("the port {port} is outside the range {first} to {last}"))
            .label("not a port for SmartStack")
            .why("something else may use it on some hosts, and then HAProxy cannot start there")
            .help("pick a free port of the range, or set `ports.range` in .soalint.yaml if the site has another"),
    );
}
