//! Time to come up that ends before the first check has.

use crate::rules::{Blocks, Check, Located, NamespaceCx, Rule, Sink, Slot};

pub(crate) static RULE: Rule = rule! {
    /// Finds `updown_timeout_s` that is 0, or shorter than one health check may take.
    ///
    /// ## Why it matters
    ///
    /// After `updown_service` has brought a task up, the task must answer health checks within this
    /// time. If it ends before a single check has, the tool reports a failure although the task is
    /// well.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   healthcheck_timeout_s: 5
    ///   updown_timeout_s: 2
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   healthcheck_timeout_s: 5
    ///   updown_timeout_s: 30
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `updown_timeout_s` and of `healthcheck_timeout_s`, 1 by default.
    "updown-timeout" in Smartstack,
    level: Warning,
    blocks: Blocks::Smartstack,
    check: Check::NamespaceEntry(Slot::known("updown_timeout_s"), check),
};

fn check(cx: &NamespaceCx<'_>, updown: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(seconds) = updown.value.as_number().filter(|seconds| *seconds >= 0.0) else { return };
    let own = cx.set("healthcheck_timeout_s");
    let check = match &own {
        // What is no number of seconds has a finding of its own.
        Some(own) => own.value.as_number().filter(|seconds| seconds.is_finite() && *seconds > 0.0),
        None => Some(1.0),
    };
    let Some(check) = check.filter(|check| seconds < *check) else { return };
    let mut finding = cx
        .at_value(
            updown,
            format!("a task has {seconds} s to come up, but one health check may take {check} s"),
        )
        .label("ends before the first check")
        .why("a task that is well counts as failed when it is brought up")
        .help("give it the time that a slow start takes");
    if let Some(own) = &own {
        finding = finding.related(own.value_place(), "how long a check may take");
    }
    sink.report(finding);
}
