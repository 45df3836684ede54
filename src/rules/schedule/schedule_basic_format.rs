//! Starts without dashes and colons.

use crate::model::kind::FileKind;
use crate::rules::inside::replace;
use crate::rules::{Check, Fixable, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::iso8601::{self, StartTrouble};

pub(crate) static RULE: Rule = rule! {
    /// Finds starts of repeating intervals in the basic format of ISO 8601 (`20170101T030000Z`).
    ///
    /// ## Why it matters
    ///
    /// PaaSTA accepts the basic format. Chronos knows only the extended one with `-` and `:`; it
    /// takes the eight digits for a year or refuses the schedule.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: R/20170101T030000Z/P1D
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
    /// The same date and time, written with `-` and `:`.
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `chronos_tools:check_schedule`; Joda time 2.3
    /// `ISODateTimeFormat.dateTimeParser`, with which Chronos reads the start.
    "schedule-basic-format" in Schedule,
    level: Error,
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some((_, parts, problem)) = jobs::start_problem(located) else { return };
    if problem.kind != StartTrouble::Basic {
        return;
    }
    let range = jobs::start_range(&parts);
    let (finding, inside) =
        cx.at_range(located, &range, format!("Chronos cannot read the start `{}`", jobs::shown(parts.start)));
    let finding = finding
        .label("date and time need `-` and `:`")
        .why("PaaSTA accepts the basic format, Chronos reads another date or refuses the job");
    sink.report(match iso8601::extended(parts.start) {
        Some(extended) => {
            let finding = finding.help(format!("write `{extended}`"));
            match replace(inside, extended) {
                Some(edits) => finding.safe_fix("use the extended format", edits),
                None => finding,
            }
        }
        None => finding.help("write the start as `2017-01-31T03:00:00Z`"),
    });
}
