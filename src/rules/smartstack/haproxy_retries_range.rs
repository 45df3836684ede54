//! Connections that are tried again too often.

use crate::rules::{Blocks, Check, Located, NamespaceCx, Rule, Sink, Slot};

pub(crate) static RULE: Rule = rule! {
    /// Finds `retries` of a namespace above 10.
    ///
    /// ## Why it matters
    ///
    /// Each retry is another connection to a service that did not answer. Many of them multiply the
    /// load at the moment when the service can bear it least, and keep clients waiting.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   retries: 100
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   retries: 3
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `retries`, 1 by default; later schemas of PaaSTA allow 0 to 10.
    "haproxy-retries-range" in Smartstack,
    level: Warning,
    blocks: Blocks::Smartstack,
    check: Check::NamespaceEntry(Slot::known("retries"), check),
};

/// Later schemas of PaaSTA allow no more.
const MOST: i64 = 10;

fn check(cx: &NamespaceCx<'_>, retries: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(number) = retries.value.as_i64().filter(|number| *number > MOST) else { return };
    sink.report(
        cx.at_value(retries, format!("HAProxy tries each connection {number} times again"))
            .label("more than 10")
            .why("a service in trouble gets many times its load, and clients wait for all attempts")
            .help("3 to 5 are many already"),
    );
}
