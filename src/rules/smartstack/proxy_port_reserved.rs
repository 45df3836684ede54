//! A port that every host uses for something else.

use crate::rules::{Blocks, Check, Located, NamespaceCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds `proxy_port` values that something else on every host listens on.
    ///
    /// ## Why it matters
    ///
    /// hacheck answers health checks on port 6666 of every host, so HAProxy cannot open it and does
    /// not start: no change of any service reaches a host. On 3212 HAProxy shows its own status. It
    /// opens that port twice without a word, and clients get the service or the status page by
    /// chance.
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
    /// synapse-tools: defaults of `stats_port` and `hacheck_port`. HAProxy 2.6 was tried: a port that
    /// another process has fails its start, and one that it has itself is shared (`SO_REUSEPORT`).
    "proxy-port-reserved" in Smartstack,
    level: Error,
    blocks: Blocks::Smartstack,
    on: On::keys(&["proxy_port"]),
    check: Check::Namespace(check),
};

/// Where HAProxy itself shows its status, unless the site moved that (synapse-tools: `stats_port`).
const STATS_PORT: u16 = 3212;

fn check(cx: &NamespaceCx<'_>, sink: &mut Sink<'_>) {
    let Some((located, port)) = port(cx) else { return };
    if !cx.env.settings.ports.reserved.contains(&port) {
        return;
    }
    let (label, why) = if port == STATS_PORT {
        (
            "HAProxy's own status page",
            "each connection reaches the service or the status page by chance, on every host",
        )
    } else {
        (
            "something else listens here",
            "HAProxy cannot open the port, so it does not start with this configuration, on any host",
        )
    };
    sink.report(
        cx.at_value(&located, format!("the port {port} is taken on every host"))
            .label(label)
            .why(why)
            .help("pick a free port of the range for SmartStack"),
    );
}

/// The `proxy_port` of a namespace, if it can be one.
pub(super) fn port<'a>(cx: &NamespaceCx<'a>) -> Option<(Located<'a>, u16)> {
    let located = cx.get("proxy_port")?;
    let port = u16::try_from(located.value.as_i64()?).ok().filter(|port| *port > 0)?;
    Some((located, port))
}
