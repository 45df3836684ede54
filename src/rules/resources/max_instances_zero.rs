//! `max_instances: 0`.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot};

pub(crate) static RULE: Rule = rule! {
    /// Finds `max_instances: 0` without a `min_instances`.
    ///
    /// ## Why it matters
    ///
    /// It looks like a way to switch an instance off, but it turns autoscaling on, and the smallest
    /// number of tasks is 1 unless something else is said. Of an instance that the autoscaler has
    /// scaled before, one task keeps running; of any other none runs.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   max_instances: 0
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 0
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `long_running_service_tools`: `get_instances` takes `max_instances` while the
    /// autoscaler has written no number, and `limit_instance_count` makes 1 of every number that it
    /// writes; recorded by running it.
    "max-instances-zero" in Resources,
    level: Error,
    on: On::kinds(&[FileKind::Marathon]),
    check: Check::Entry(Slot::known("max_instances"), check),
};

fn check(cx: &InstanceCx<'_>, max: &Located<'_>, sink: &mut Sink<'_>) {
    if max.value.as_i64() == Some(0) && cx.get("min_instances").is_none() {
        sink.report(
            cx.at_value(max, "`max_instances: 0` does not stop the instance")
                .label("the smallest number of tasks is still 1")
                .why("where the autoscaler has written a number, one task keeps running, whatever the maximum says")
                .help("write `instances: 0` instead, or add `min_instances: 0`"),
        );
    }
}
