//! A port that every host uses for something else.

use crate::rules::{Blocks, Check, Located, NamespaceCx, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds `proxy_port` values that something else on every host listens on.
    ///
    /// ## Why it matters
    ///
    /// HAProxy shows its status on port 3212, and hacheck answers health checks on 6666. A
    /// namespace with such a port makes HAProxy refuse its configuration, on every host and for
    /// all services.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 3212
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    /// ```
    ///
    /// `ports: {reserved: [3212, 6666]}` in `.soalint.yaml` names the ports of the site.
    ///
    /// ## Source
    ///
    /// synapse-tools: defaults of `stats_port` and `hacheck_port`.
    "proxy-port-reserved" in Smartstack,
    documented: Error, paasta_0_66: Error,
    blocks: Blocks::Smartstack,
    check: Check::Namespace(check),
};

fn check(cx: &NamespaceCx<'_>, sink: &mut Sink<'_>) {
    let Some((located, port)) = port(cx) else { return };
    if !cx.env.settings.ports.reserved.contains(&port) {
        return;
    }
    sink.report(
        cx.at_value(&located, format!("the port {port} is taken on every host"))
            .label("something else listens here")
            .why("HAProxy cannot open the port, so it refuses its configuration on every host")
            .help("pick a free port of the range for SmartStack"),
    );
}

/// The `proxy_port` of a namespace, if it can be one.
pub(super) fn port<'a>(cx: &NamespaceCx<'a>) -> Option<(Located<'a>, u16)> {
    let located = cx.get("proxy_port")?;
    let port = u16::try_from(located.value.as_i64()?).ok().filter(|port| *port > 0)?;
    Some((located, port))
}
