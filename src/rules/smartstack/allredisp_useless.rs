//! Redispatching that never happens.

use crate::rules::{Blocks, Check, Located, NamespaceCx, Rule, Sink, Slot};

pub(crate) static RULE: Rule = rule! {
    /// Finds `allredisp: true` without the retries and the short connection timeout it needs.
    ///
    /// ## Why it matters
    ///
    /// `allredisp` sends each retry to another task instead of only the last one. With one retry or
    /// none there is no difference; with a long `timeout_connect_ms` the client has given up before
    /// the next task is tried.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   allredisp: true
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   allredisp: true
    ///   retries: 3
    ///   timeout_connect_ms: 100
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `allredisp`: "It only makes sense to set this option if you have a low
    /// connection timeout, and a number of retries > 1".
    "allredisp-useless" in Smartstack,
    // Harmless: what it is set for just does not happen.
    level: Info,
    strict: Some(crate::rules::Level::Warning),
    blocks: Blocks::Nothing,
    check: Check::NamespaceEntry(Slot::known("allredisp"), check),
};

/// A connection timeout that nobody would call low, in milliseconds; 200 is the default.
const LONG: i64 = 1000;

fn check(cx: &NamespaceCx<'_>, allredisp: &Located<'_>, sink: &mut Sink<'_>) {
    if allredisp.value.as_bool() != Some(true) {
        return;
    }
    let retries = cx.get("retries");
    let few = match &retries {
        Some(retries) => retries.value.as_i64().filter(|number| (0..=1).contains(number)),
        None => Some(1),
    };
    if let Some(few) = few {
        let mut finding = cx
            .at_value(
                allredisp,
                format!(
                    "`allredisp` does nothing with {}",
                    if few == 0 { "no retries" } else { "one retry" }
                ),
            )
            .label("needs `retries` above 1")
            .why("the last retry goes to another task anyway, so nothing changes")
            .help("set `retries` to 3 or more, or remove `allredisp`");
        finding = match &retries {
            Some(retries) => finding.related(retries.value_place(), "so many retries"),
            None => finding.absent(&["retries"]),
        };
        return sink.report(finding);
    }
    let Some(connect) = cx.set("timeout_connect_ms") else { return };
    let Some(long) = connect.value.as_i64().filter(|number| *number >= LONG) else { return };
    sink.report(
        cx.at_value(allredisp, format!("`allredisp` waits {long} ms before it tries another task"))
            .label("needs a low `timeout_connect_ms`")
            .related(connect.value_place(), "so long for each attempt")
            .why("clients have given up before the next task is tried")
            .help("lower `timeout_connect_ms` to 100 or 200, or remove `allredisp`"),
    );
}
