//! One timeout that is two.

use crate::rules::{Blocks, Check, NamespaceCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds namespaces that set one of `timeout_client_ms` and `timeout_server_ms` only.
    ///
    /// ## Why it matters
    ///
    /// The documentation says that the other one is 1000. synapse-tools takes the larger of the two
    /// for both as soon as one is set, so `timeout_client_ms: 5000` raises the server's, too.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   timeout_server_ms: 5000
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   timeout_server_ms: 5000
    ///   timeout_client_ms: 5000
    /// ```
    ///
    /// ## Source
    ///
    /// synapse-tools `configure_synapse`; the documentation of both keys.
    "timeout-one-sided" in Smartstack,
    level: Info,
    blocks: Blocks::Nothing,
    on: On::keys(&["timeout_server_ms", "timeout_client_ms"]),
    check: Check::Namespace(check),
};

fn check(cx: &NamespaceCx<'_>, sink: &mut Sink<'_>) {
    for (key, other) in
        [("timeout_server_ms", "timeout_client_ms"), ("timeout_client_ms", "timeout_server_ms")]
    {
        let Some(timeout) = cx.set(key).filter(|_| cx.get(other).is_none()) else { continue };
        if timeout.value.as_i64().is_none_or(|number| number <= 0) {
            continue;
        }
        sink.report(
            cx.at(timeout.key.span(), format!("`{other}` is not 1000, but follows `{key}`"))
                .label("counts for both directions")
                .why("both become the larger of this and 1000 milliseconds")
                .help(format!("set `{other}`, too, if it should differ"))
                .absent(if key == "timeout_server_ms" {
                    &["timeout_client_ms"]
                } else {
                    &["timeout_server_ms"]
                }),
        );
    }
}
