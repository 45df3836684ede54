//! Time zones of jobs that follow others.

use crate::model::kind::FileKind;
use crate::rules::{Check, Fixable, InstanceCx, On, Rule, Sink};
use crate::yaml::edit;

pub(crate) static RULE: Rule = rule! {
    /// Finds `schedule_time_zone` in jobs that have parents instead of a schedule.
    ///
    /// ## Why it matters
    ///
    /// Such a job runs when its parents have finished. A time zone has no effect on it.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// load:
    ///   parents: example.extract
    ///   schedule_time_zone: America/Los_Angeles
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// load:
    ///   parents: example.extract
    ///   cmd: run
    /// ```
    ///
    /// ## Fix safety
    ///
    /// The key has no effect.
    ///
    /// ## Source
    ///
    /// Chronos 2.5.0: only jobs with a schedule have a time zone.
    "schedule-timezone-no-schedule" in Schedule,
    level: Info,
    fix: Fixable::Sometimes,
    on: On::keys(&["schedule_time_zone"]).within(&[FileKind::Chronos]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    if cx.set("schedule").is_some() || cx.set("parents").is_none() {
        return;
    }
    let Some(zone) = cx.own("schedule_time_zone").filter(|zone| zone.value.as_str().is_some()) else {
        return;
    };
    let finding = cx
        .at_key(&zone, "`schedule_time_zone` has no effect without a `schedule`")
        .label("no effect")
        .why("the job runs when its parents have finished, whatever the time")
        .help("remove it");
    let body = cx.instance.entry.value;
    let edits = body.entry("schedule_time_zone").and_then(|entry| edit::remove_entry(body, entry));
    sink.report(finding.safe_fix("remove `schedule_time_zone`", edits));
}
