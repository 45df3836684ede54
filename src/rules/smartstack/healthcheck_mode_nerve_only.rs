//! A health check that only half of SmartStack makes.

use crate::rules::{Blocks, Check, Located, NamespaceCx, Rule, Sink, Slot};

pub(crate) static RULE: Rule = rule! {
    /// Finds namespaces whose `healthcheck_mode` is not their `mode`.
    ///
    /// ## Why it matters
    ///
    /// Nerve, which registers tasks, checks by `healthcheck_mode`. The checks that HAProxy makes
    /// itself follow `mode` all the same, and so does Marathon.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   mode: http
    ///   healthcheck_mode: tcp
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   mode: http
    /// ```
    ///
    /// ## Source
    ///
    /// synapse-tools `configure_synapse`, which does not read `healthcheck_mode`.
    "healthcheck-mode-nerve-only" in Smartstack,
    level: Info,
    blocks: Blocks::Nothing,
    check: Check::NamespaceEntry(Slot::known("healthcheck_mode"), check),
};

fn check(cx: &NamespaceCx<'_>, own: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(checked @ ("http" | "tcp" | "https")) = own.value.as_str() else { return };
    let mode = match cx.get("mode") {
        Some(mode) => mode.value.as_str().filter(|mode| matches!(*mode, "http" | "tcp")),
        None => Some("http"),
    };
    let Some(mode) = mode.filter(|mode| *mode != checked) else { return };
    let mut finding = cx
        .at_value(own, format!("nerve checks by {checked}, HAProxy and Marathon by {mode}"))
        .label("for nerve only")
        .why("a task can be well for the one and dead for the other")
        .help("remove it to check by `mode`, unless it is meant so");
    if let Some(mode) = cx.get("mode") {
        finding = finding.related(mode.value_place(), "the mode of the namespace");
    }
    sink.report(finding);
}
