//! `instances: 0`.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds `instances: 0`.
    ///
    /// ## Why it matters
    ///
    /// The instance is deployed and runs nowhere, without an alert: none of none are missing. That is the
    /// way to switch one off, and easily forgotten. It is advice and off by default.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 0
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 2
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `check_marathon_services_replication`: where nothing is expected, everything
    /// is there.
    "instances-zero" in Resources,
    level: Info,
    on: On::keys(&["instances"]).within(&[FileKind::Marathon]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let Some(instances) = cx.own("instances").filter(|instances| instances.value.as_i64() == Some(0)) else {
        return;
    };
    if cx.set("max_instances").is_none() {
        sink.report(
            cx.at_value(&instances, "this instance runs nowhere")
                .label("switched off")
                .why("no alert tells: of no expected tasks none is missing")
                .help("raise it, or delete the instance if nobody needs it"),
        );
    }
}
