//! Repeating intervals without a start.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::iso8601::StartTrouble;

pub(crate) static RULE: Rule = rule! {
    /// Finds repeating intervals that do not say when the first run is (`R//P1D`).
    ///
    /// ## Why it matters
    ///
    /// Without a start Chronos counts from whenever it reads the job, so after each of its restarts
    /// all such jobs run at once. That is why PaaSTA refuses them.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: R//P1D
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
    /// ## Source
    ///
    /// The note in the documentation of `schedule`; paasta-tools 0.66.6
    /// `chronos_tools:check_schedule`.
    "schedule-no-start" in Schedule,
    level: Error,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some((_, parts, problem)) = jobs::start_problem(located) else { return };
    if problem.kind != StartTrouble::Missing {
        return;
    }
    // The two slashes that nothing stands between.
    let range = parts.repeat.len()..parts.repeat.len() + 2;
    sink.report(
        cx.at_range(located, &range, "the schedule does not say when it starts")
            .0
            .label("the start belongs here")
            .why("PaaSTA refuses the job: without a start it would run whenever Chronos restarts")
            .help(format!(
                "name the first run: `{}/2017-01-01T03:00:00Z/{}`",
                parts.repeat,
                jobs::shown(parts.period)
            ))
            .identity("no start"),
    );
}
