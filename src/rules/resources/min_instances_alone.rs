//! `min_instances` without `max_instances`.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot};

pub(crate) static RULE: Rule = rule! {
    /// Finds `min_instances` without a `max_instances`.
    ///
    /// ## Why it matters
    ///
    /// Only `max_instances` switches autoscaling on. Without it nothing reads `min_instances`, and the
    /// instance runs as many tasks as `instances` says: one, if that is absent, too.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   min_instances: 3
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   min_instances: 3
    ///   max_instances: 9
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `long_running_service_tools:get_instances`.
    "min-instances-alone" in Resources,
    level: Warning,
    on: On::kinds(&[FileKind::Marathon]),
    check: Check::Entry(Slot::known("min_instances"), check),
};

fn check(cx: &InstanceCx<'_>, min: &Located<'_>, sink: &mut Sink<'_>) {
    // A maximum that is null is for the schema.
    if min.value.as_i64().is_none() || cx.get("max_instances").is_some() {
        return;
    }
    let runs = match cx.set("instances").map(|instances| instances.value.as_i64()) {
        Some(None) => return,
        Some(Some(count)) => count,
        None => 1,
    };
    let finding = cx
        .at_key(min, "`min_instances` means nothing without `max_instances`")
        .label("nothing reads it")
        .why(format!(
            "the instance is not autoscaled and runs {runs} task{}",
            if runs == 1 { "" } else { "s" }
        ))
        .help("add `max_instances`, or write `instances` instead")
        .absent(&["max_instances"]);
    sink.report(match cx.own("autoscaling") {
        Some(block) => finding.related(block.key_place(), "nor this"),
        None => finding,
    });
}
