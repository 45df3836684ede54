//! Starts without the T between date and time.

use crate::model::kind::FileKind;
use crate::rules::inside::replace;
use crate::rules::{Check, Fixable, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::iso8601::StartTrouble;

pub(crate) static RULE: Rule = rule! {
    /// Finds starts of repeating intervals that lack the `T` between date and time, or the time.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA refuses a start that has no `T` in it, whether a blank stands there or the time is
    /// missing.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: R/2017-01-01 03:00:00Z/P1D
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
    /// Writing the `T` is safe. A missing time could be any time of the day: midnight is a guess.
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `chronos_tools:check_schedule`.
    "schedule-start-no-t" in Schedule,
    level: Error,
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some((schedule, parts, problem)) = jobs::start_problem(located) else { return };
    let finding = match problem.kind {
        StartTrouble::Separator => {
            let (finding, inside) =
                cx.at_range(located, &problem.range, "there is no `T` between date and time of the start");
            let finding = finding.label("a `T` belongs here").help("write `T` between date and time");
            match replace(inside, "T") {
                Some(edits) => finding.safe_fix("write `T`", edits),
                None => finding,
            }
        }
        StartTrouble::DateOnly => {
            let (finding, inside) = cx.at_range(located, &problem.range, "the start has no time of day");
            let finding = finding
                .label("only a date")
                .help(format!("add the time of the first run: `{}T03:00:00Z`", day(parts.start)));
            match replace(inside, format!("{}T00:00:00Z", day(parts.start))) {
                Some(edits) => finding.unsafe_fix("start at midnight, UTC", edits),
                None => finding,
            }
        }
        _ => return,
    };
    let start = schedule.get(jobs::start_range(&parts)).unwrap_or("");
    sink.report(finding.why("PaaSTA refuses the job").identity(start));
}

/// The date of a start without a time.
fn day(start: &str) -> &str {
    start.trim_end_matches(['T', 'Z', 'z'])
}
