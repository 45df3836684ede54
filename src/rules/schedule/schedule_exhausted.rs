//! Schedules whose runs are all past.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::runs::{Times, Timetable};

pub(crate) static RULE: Rule = rule! {
    /// Finds repeating intervals whose last run is past, when `check` is told the time with `--now`.
    ///
    /// ## Why it matters
    ///
    /// `R3/2017-01-01T00:00:00Z/P1D` is three runs, and then none. Chronos counts the runs that it has
    /// missed as well: a job that comes after the last of them is loaded, and never runs.
    ///
    /// A check knows no clock of its own, so that it says the same today and tomorrow; with `--now` it
    /// does.
    ///
    /// ## Example
    ///
    /// ```now
    /// 2017-07-26T10:15:30
    /// ```
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// backfill:
    ///   schedule: R3/2017-01-01T03:00:00Z/P1D
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
    /// backfill:
    ///   schedule: R3/2017-07-27T03:00:00Z/P1D
    ///   cmd: run
    /// ```
    ///
    /// ## Source
    ///
    /// Chronos 2.5.0 `JobScheduler`, which drops a job that has no runs left.
    "schedule-exhausted" in Schedule,
    level: Warning,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(now) = cx.env.now() else { return };
    let Some((schedule, parts)) = jobs::repeating(located) else { return };
    let zone = cx.set("schedule_time_zone").and_then(|zone| zone.value.as_str());
    let Ok(table) = Timetable::of(schedule, zone) else { return };
    let Times::Repeating(repeating) = table.times else { return };
    let Some(last) = repeating.last(&table.zone).filter(|last| last.time.timestamp() <= now) else { return };
    // Chronos starts a run that is late by less than epsilon.
    let late = now.as_second() - last.time.timestamp().as_second();
    if late < 60 {
        return;
    }
    let range = 0..parts.repeat.len();
    let day = last.time.strftime("%Y-%m-%d");
    let (message, label) = match repeating.runs {
        1 => (format!("the only run of the job was on {day}"), "one run".to_owned()),
        runs => (format!("the last of the {runs} runs of the job was on {day}"), format!("{runs} runs")),
    };
    sink.report(
        cx.at_range(located, &range, message)
            .0
            .label(label)
            .why("Chronos loads the job, and never runs it")
            .help("write `R` for runs without an end, set a new start, or remove the job"),
    );
}
