//! `instances` beside `max_instances`.

use crate::diagnostic::Edit;
use crate::model::kind::FileKind;
use crate::rules::{Check, Fixable, InstanceCx, On, Rule, Sink};
use crate::yaml::edit;

pub(crate) static RULE: Rule = rule! {
    /// Finds `instances` in an instance that `max_instances` makes autoscaled.
    ///
    /// ## Why it matters
    ///
    /// With `max_instances` the autoscaler decides how many tasks run, between `min_instances` and
    /// `max_instances`. Nothing reads `instances` then; a reader of the file may think otherwise.
    /// It is advice and off by default, since the number does no harm.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 4
    ///   min_instances: 2
    ///   max_instances: 8
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   min_instances: 2
    ///   max_instances: 8
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: nothing reads the key.
    ///
    /// ## Source
    ///
    /// The configuration reference on autoscaling, which says to remove `instances`; paasta-tools
    /// 0.66.6 `long_running_service_tools:get_instances`.
    "instances-and-autoscaling" in Resources,
    level: Info,
    fix: Fixable::Sometimes,
    on: On::keys(&["instances"]).within(&[FileKind::Marathon]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let (Some(instances), Some(max)) = (cx.own("instances"), cx.set("max_instances")) else { return };
    if instances.value.as_i64().is_some() && max.value.as_i64().is_some() {
        sink.report(
            cx.at_key(&instances, "`instances` means nothing beside `max_instances`")
                .label("nothing reads it")
                .related(max.key_place(), "this makes the instance autoscaled")
                .why("the autoscaler decides how many tasks run")
                .help("remove `instances`")
                .safe_fix("remove `instances`", removal(cx)),
        );
    }
}

/// Takes the key away, if the instance itself has what it is autoscaled by.
fn removal(cx: &InstanceCx<'_>) -> Option<Vec<Edit>> {
    let body = cx.instance.entry.value;
    edit::remove_entry(body, body.entry("instances")?)
}
