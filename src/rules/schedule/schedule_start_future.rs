//! Schedules that start in a year or later.

use jiff::tz::TimeZone;

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::runs::Repeating;

pub(crate) static RULE: Rule = rule! {
    /// Finds repeating intervals that start more than a year ahead, when `check` is told the time with
    /// `--now`.
    ///
    /// ## Why it matters
    ///
    /// A job does not run before its start. A start that far ahead is more often a slip in the year
    /// than a plan. It is advice and off by default.
    ///
    /// ## Example
    ///
    /// ```now
    /// 2017-07-26T10:15:30
    /// ```
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: R/2071-07-27T03:00:00Z/P1D
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```now
    /// 2017-07-26T10:15:30
    /// ```
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: R/2017-07-27T03:00:00Z/P1D
    ///   cmd: run
    /// ```
    ///
    /// ## Source
    ///
    /// Chronos 2.5.0: the first run is at the start.
    "schedule-start-future" in Schedule,
    level: Info,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(now) = cx.env.now() else { return };
    let Some((schedule, parts)) = jobs::repeating(located) else { return };
    let Some(repeating) = Repeating::of(schedule) else { return };
    // The zone makes a difference of hours only.
    let Ok(start) = repeating.start.to_zoned(TimeZone::UTC) else { return };
    let days = (start.timestamp().as_second() - now.as_second()) / 86_400;
    if days <= 366 {
        return;
    }
    let finding = cx.at_range(
        located,
        &jobs::start_range(&parts),
        format!("the first run of the job is {days} days ahead"),
    );
    sink.report(
        finding
            .0
            .label("the job does not run before")
            .why("until then nothing happens, and nobody is told")
            .help("check the year"),
    );
}
