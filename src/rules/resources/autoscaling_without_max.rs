//! `autoscaling` without `max_instances`.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, On, Rule, Sink};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds an `autoscaling` block without a `max_instances`.
    ///
    /// ## Why it matters
    ///
    /// Only `max_instances` switches autoscaling on. Without it the block is ignored, and the instance
    /// runs as many tasks as `instances` says: one, if that is absent, too.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 3
    ///   autoscaling: {decision_policy: proportional}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   min_instances: 3
    ///   max_instances: 9
    ///   autoscaling: {decision_policy: proportional}
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `autoscaling_service_lib`, which looks at instances with `max_instances`
    /// only.
    "autoscaling-without-max" in Resources,
    level: Warning,
    on: On::keys(&["autoscaling"]).within(&[FileKind::Marathon]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    // A default in service.yaml is there for the instances that are autoscaled.
    let Some(block) = cx.own("autoscaling").filter(|block| block.value.kind() == Kind::Map) else { return };
    // With `min_instances` alone another rule says so; null is for the schema.
    if cx.get("max_instances").is_some() || cx.set("min_instances").is_some() {
        return;
    }
    let runs = match cx.get("instances").map(|instances| instances.value.as_i64()) {
        Some(None) => return,
        Some(Some(count)) => count,
        None => 1,
    };
    sink.report(
        cx.at_key(&block, "`autoscaling` means nothing without `max_instances`")
            .label("nothing reads it")
            .why(format!(
                "the instance is not autoscaled and runs {runs} task{}",
                if runs == 1 { "" } else { "s" }
            ))
            .help("add `max_instances`, or remove the block")
            .absent(&["max_instances"]),
    );
}
