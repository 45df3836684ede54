//! `min_instances` equal to `max_instances`.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot};

pub(crate) static RULE: Rule = rule! {
    /// Finds autoscaled instances whose `min_instances` and `max_instances` are equal.
    ///
    /// ## Why it matters
    ///
    /// The autoscaler measures and decides, and can change nothing. `instances` says the same in one
    /// line. Somebody may have stopped the scaling for a while on purpose, so it is advice and off by
    /// default.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   min_instances: 6
    ///   max_instances: 6
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 6
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `long_running_service_tools:get_instances`.
    "min-eq-max" in Resources,
    level: Info,
    on: On::kinds(&[FileKind::Marathon]),
    check: Check::Entry(Slot::known("max_instances"), check),
};

fn check(cx: &InstanceCx<'_>, max: &Located<'_>, sink: &mut Sink<'_>) {
    let min = cx.get("min_instances");
    // The minimum is 1 unless it is set.
    let least = min.map_or(Some(1), |min| min.value.as_i64());
    // 0 is another mistake.
    let Some(most) = max.value.as_i64().filter(|most| *most > 0 && Some(*most) == least) else { return };
    let finding = cx
        .at_value(
            max,
            format!("the autoscaler can only choose {most} instance{}", if most == 1 { "" } else { "s" }),
        )
        .label("equal to the minimum")
        .why("it measures and decides, and changes nothing")
        .help(format!("write `instances: {most}` instead, or give it room"));
    sink.report(match min {
        Some(min) => finding.related(min.value_place(), "the minimum"),
        None => finding,
    });
}
