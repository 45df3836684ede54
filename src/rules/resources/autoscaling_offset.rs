//! An offset that swallows the setpoint.

use crate::model::kind::FileKind;
use crate::rules::support::autoscaling::{Autoscaling, share};
use crate::rules::{Blocks, Check, InstanceCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds an autoscaling `offset` that is not less than the `setpoint`.
    ///
    /// ## Why it matters
    ///
    /// Policy `proportional` divides the load by the difference of setpoint and offset. If that is zero,
    /// every run of the autoscaler fails; if it is negative, the autoscaler wants fewer instances the
    /// more load there is.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   max_instances: 10
    ///   autoscaling: {decision_policy: proportional, setpoint: 0.5, offset: 0.6}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   max_instances: 10
    ///   autoscaling: {decision_policy: proportional, setpoint: 0.6, offset: 0.1}
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `autoscaling_service_lib:proportional_decision_policy`; `paasta validate` of
    /// later versions refuses it.
    "autoscaling-offset" in Resources,
    level: Error,
    // The payload does not depend on it.
    blocks: Blocks::Nothing,
    on: On::keys(&["autoscaling"]).within(&[FileKind::Marathon]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let Some(autoscaling) = Autoscaling::of(cx) else { return };
    let Some(offset) = autoscaling.get("offset") else { return };
    if autoscaling.policy() != Some("proportional") {
        return;
    }
    let (Some(base), Some((goal, setpoint))) = (share(offset.value), autoscaling.setpoint()) else { return };
    // A setpoint of 0 is for the schema.
    if base < goal || goal <= 0.0 {
        return;
    }
    let finding = cx
        .at_value(&offset, format!("the offset {base} is not less than the setpoint {goal}"))
        .label("what is in use without any load")
        .why("the autoscaler divides by the difference, so it fails or scales the wrong way")
        .help("lower `offset`, or raise `setpoint`");
    sink.report(match setpoint {
        Some(setpoint) => finding.related(setpoint.value_place(), "the setpoint"),
        None => finding,
    });
}
