//! Starts that no calendar has.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::iso8601::StartTrouble;

pub(crate) static RULE: Rule = rule! {
    /// Finds starts of repeating intervals at a day or time that does not exist, such as 30
    /// February or 24:00.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA's check does not refuse such a start but crashes on it, and with it `paasta validate`
    /// for the whole service; the job cannot be set up.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: R/2017-02-30T03:00:00Z/P1D
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: R/2017-02-28T03:00:00Z/P1D
    ///   cmd: run
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `chronos_tools:check_schedule` (isodate 0.5.1 raises ValueError, which
    /// is not caught); Joda time refuses it, too.
    "schedule-bad-date" in Schedule,
    level: Error,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some((schedule, _, problem)) = jobs::start_problem(located) else { return };
    let StartTrouble::Impossible(what) = problem.kind else { return };
    let wrong = schedule.get(problem.range.clone()).unwrap_or("");
    sink.report(
        cx.at_range(located, &problem.range, format!("there is no {what} `{}`", jobs::shown(wrong)))
            .0
            .label(format!("no such {what}"))
            .why("PaaSTA crashes on it when it checks or sets up the job")
            .help(match what {
                "time" => "hours go from 00 to 23, minutes and seconds from 00 to 59",
                _ => "write the day as year, month and day: `2017-01-31`",
            }),
    );
}
