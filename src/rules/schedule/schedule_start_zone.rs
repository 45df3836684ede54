//! Starts without a time zone.

use crate::model::kind::FileKind;
use crate::rules::inside::replace;
use crate::rules::{Check, Fixable, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::iso8601::{self, Offset};

pub(crate) static RULE: Rule = rule! {
    /// Finds starts of repeating intervals without a zone, in jobs without `schedule_time_zone`.
    ///
    /// ## Why it matters
    ///
    /// Such a start is read as UTC, which is easily not what the author's clock showed. PaaSTA
    /// meant to refuse it; the check for it can never fire.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: R/2017-01-01T03:00:00/P1D
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: R/2017-01-01T03:00:00Z/P1D
    ///   cmd: run
    /// ```
    ///
    /// ## Fix safety
    ///
    /// `Z` states what happens anyway.
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `chronos_tools:check_schedule`; Chronos reads the clock fields in
    /// `scheduleTimeZone`, else in UTC.
    "schedule-start-zone" in Schedule,
    level: Warning,
    fix: Fixable::Always,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some((_, parts)) = jobs::repeating(located) else { return };
    let is_bare = iso8601::start(parts.start).is_ok_and(|start| start.offset == Offset::None);
    if !is_bare || cx.set("schedule_time_zone").is_some() {
        return;
    }
    let (finding, inside) =
        cx.at_range(located, &jobs::start_range(&parts), "the start does not say in which time zone it is");
    let finding = finding
        .label("read as UTC")
        .why("the job runs at this time in UTC, which may not be the time that was meant")
        .help("add `Z` for UTC, or name the zone in `schedule_time_zone`");
    sink.report(match replace(inside, format!("{}Z", parts.start)) {
        Some(edits) => finding.safe_fix("say that it is UTC", edits),
        None => finding,
    });
}
