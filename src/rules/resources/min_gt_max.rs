//! `min_instances` above `max_instances`.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds autoscaled instances whose `min_instances` is more than their `max_instances`.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA does not refuse it. Before the autoscaler has run for the first time `max_instances` tasks
    /// run; from then on `min_instances`, whatever the load. Neither number is the limit that it was
    /// meant to be, and nothing scales.
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
    /// paasta-tools 0.66.6 `long_running_service_tools`: `get_instances` takes `max_instances` while the
    /// autoscaler has written no number, and `limit_instance_count` makes `min_instances` of every
    /// number that it writes. Later versions refuse it.
    "min-gt-max" in Resources,
    level: Error,
    on: On::keys(&["min_instances"]).within(&[FileKind::Marathon]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let (Some(min), Some(max)) = (cx.set("min_instances"), cx.set("max_instances")) else { return };
    let (Some(least), Some(most)) = (min.value.as_i64(), max.value.as_i64()) else { return };
    // Negative numbers are for the schema.
    if least > most && most >= 0 {
        sink.report(
            cx.at_value(&min, format!("`min_instances` {least} is more than `max_instances` {most}"))
                .label("the smallest number")
                .related(max.value_place(), "the largest is smaller")
                .why(format!(
                    "{most} tasks run until the autoscaler writes its first number, {least} from then on: nothing scales"
                ))
                .help("make `min_instances` at most `max_instances`"),
        );
    }
}
