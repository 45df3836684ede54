//! Timeouts in the wrong unit.

use crate::rules::{Blocks, Check, NamespaceCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds HAProxy timeouts that seem to be written in seconds, or are far too long.
    ///
    /// ## Why it matters
    ///
    /// The keys that end in `_ms` are milliseconds. `timeout_server_ms: 5` ends each request after
    /// five thousandths of a second: clients get errors from a service that is well. A connection
    /// timeout of minutes keeps clients waiting for hosts that are gone.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   timeout_server_ms: 5
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   timeout_server_ms: 5000
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of the keys: "in milliseconds"; later schemas of PaaSTA allow a minute to
    /// connect and a day for the others.
    "timeout-units" in Smartstack,
    level: Warning,
    blocks: Blocks::Smartstack,
    on: On::keys(&["timeout_server_ms", "timeout_client_ms", "timeout_connect_ms"]),
    check: Check::Namespace(check),
};

/// Below this nobody waits for an answer over a network, in milliseconds.
const SHORTEST: i64 = 10;
const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;

fn check(cx: &NamespaceCx<'_>, sink: &mut Sink<'_>) {
    for (key, what, longest) in [
        ("timeout_server_ms", "an answer", DAY),
        ("timeout_client_ms", "a client", DAY),
        ("timeout_connect_ms", "a connection", MINUTE),
    ] {
        let Some(timeout) = cx.set(key) else { continue };
        let Some(number) = timeout.value.as_i64() else { continue };
        if number > longest {
            sink.report(
                cx.at_value(
                    &timeout,
                    format!("HAProxy waits for {what} for up to {} seconds", number / 1000),
                )
                .label("these are milliseconds")
                .why("clients wait for hosts that are gone, and connections pile up")
                .help(format!("write at most {longest} milliseconds")),
            );
        } else if longest == DAY && (1..SHORTEST).contains(&number) {
            sink.report(
                cx.at_value(
                    &timeout,
                    format!("HAProxy waits for {what} for {number} thousandths of a second"),
                )
                .label("these are milliseconds")
                .why("nearly every request ends with an error, although the service is well")
                .help(format!("if seconds are meant, write {number}000")),
            );
        }
    }
}
