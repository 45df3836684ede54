//! `min_instances` above `max_instances`.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds autoscaled instances whose `min_instances` is more than their `max_instances`.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA does not refuse it: it runs `min_instances` tasks, and the limit that `max_instances` was
    /// meant to be does not exist.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   min_instances: 12
    ///   max_instances: 6
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   min_instances: 6
    ///   max_instances: 12
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `long_running_service_tools:get_instances`; later versions refuse it.
    "min-gt-max" in Resources,
    documented: Error, paasta_0_66: Error,
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    if cx.instance.kind != FileKind::Marathon {
        return;
    }
    let (Some(min), Some(max)) = (cx.set("min_instances"), cx.set("max_instances")) else { return };
    let (Some(least), Some(most)) = (min.value.as_i64(), max.value.as_i64()) else { return };
    // Negative numbers are for the schema.
    if least > most && most >= 0 {
        sink.report(
            cx.at_value(&min, format!("`min_instances` {least} is more than `max_instances` {most}"))
                .label("this one wins")
                .related(max.value_place(), "so this limit does not exist")
                .why(format!("PaaSTA runs {least} tasks and ignores the maximum"))
                .help("make `min_instances` at most `max_instances`"),
        );
    }
}
