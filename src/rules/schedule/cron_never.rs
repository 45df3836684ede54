//! Dates that do not exist.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::cron::{self, Trouble};

pub(crate) static RULE: Rule = rule! {
    /// Finds cron schedules for days that no month has, such as 31 February.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA and Chronos accept the schedule, the job never runs, and PaaSTA fails to work out
    /// when it is due.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// yearly:
    ///   schedule: 0 3 31 2 *
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// yearly:
    ///   schedule: 0 3 28 2 *
    ///   cmd: run
    /// ```
    ///
    /// ## Source
    ///
    /// croniter 0.3.14 raises on it; Chronos finds no next run.
    "cron-never" in Schedule,
    level: Error,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(schedule) = jobs::cron(located) else { return };
    let Err(problems) = cron::parse(schedule) else { return };
    for problem in problems {
        if problem.kind == Trouble::Never {
            sink.report(
                cx.at_range(located, &problem.range, "this day never comes")
                    .0
                    .label("no such day in this month")
                    .why("the job never runs, and PaaSTA fails to work out when it is due")
                    .help("the third field is the day of the month, the fourth the month"),
            );
        }
    }
}
