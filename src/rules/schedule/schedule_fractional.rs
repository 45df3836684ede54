//! Periods that only PaaSTA can read.

use crate::model::kind::FileKind;
use crate::rules::inside::replace;
use crate::rules::{Check, Fixable, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::iso8601::{self, PeriodTrouble};

pub(crate) static RULE: Rule = rule! {
    /// Finds periods with a fraction of something other than seconds (`PT0.5H`), or written as a
    /// date (`P0000-00-01T00:00:00`).
    ///
    /// ## Why it matters
    ///
    /// PaaSTA accepts them. Chronos accepts a fraction only for seconds, and no date after the `P`:
    /// it refuses the schedule.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// poll:
    ///   schedule: R/2017-01-01T03:00:00Z/PT0.5H
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// poll:
    ///   schedule: R/2017-01-01T03:00:00Z/PT30M
    ///   cmd: run
    /// ```
    ///
    /// ## Fix safety
    ///
    /// The same length of time in whole numbers.
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `chronos_tools:check_schedule`; Joda time 2.3
    /// `ISOPeriodFormat.standard`, with which Chronos reads the period.
    "schedule-fractional" in Schedule,
    level: Error,
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some((_, parts)) = jobs::repeating(located) else { return };
    let Err(problem) = iso8601::period(parts.period) else { return };
    let (label, exact) = match problem.kind {
        PeriodTrouble::Fraction(exact) => ("only seconds may have a fraction", exact),
        PeriodTrouble::DateTime => ("a date is no period to Chronos", None),
        _ => return,
    };
    let range = jobs::period_range(&parts);
    let (finding, inside) = cx.at_range(
        located,
        &range,
        format!("Chronos cannot read the period `{}`", jobs::shown(parts.period)),
    );
    let finding = finding.label(label).why("PaaSTA accepts it, Chronos refuses the job");
    sink.report(match exact {
        Some(exact) => {
            let finding = finding.help(format!("write `{exact}`"));
            match replace(inside, exact) {
                Some(edits) => finding.safe_fix("use whole numbers", edits),
                None => finding,
            }
        }
        None => finding.help("use whole numbers with letters: `P1D`, `PT12H`, `PT30M`"),
    });
}
