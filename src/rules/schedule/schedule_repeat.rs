//! How often a job runs.

use crate::diagnostic::Severity;
use crate::model::kind::FileKind;
use crate::rules::inside::replace;
use crate::rules::{Check, Fixable, InstanceCx, Level, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::iso8601::{self, Runs};

pub(crate) static RULE: Rule = rule! {
    /// Finds repeating intervals whose first part is not `R` with an optional number, and `R0`,
    /// which never runs.
    ///
    /// ## Why it matters
    ///
    /// The first part says how often the job runs: `R` for ever, `R5` five times. PaaSTA refuses
    /// anything else. With `R0` the job is accepted and never runs; `disabled: true` says so more
    /// clearly.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: r/2017-01-01T03:00:00Z/P1D
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
    /// Only the case of the letter changes.
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `chronos_tools:check_schedule`; Chronos 2.5.0 `Iso8601Expressions`, and
    /// `JobScheduler`, which drops a job without runs left.
    "schedule-repeat" in Schedule,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some((_, parts)) = jobs::repeating(located) else { return };
    let range = 0..parts.repeat.len();
    match iso8601::repeat(parts.repeat) {
        Some(Runs::Times(0)) => sink.report(
            cx.at_range(located, &range, "`R0` means that the job never runs")
                .0
                .label("no runs")
                .why("Chronos drops a job that has no runs left")
                .help("write `R` for ever, or switch the job off with `disabled: true`")
                .severity(Severity::Warning),
        ),
        Some(_) => {}
        None => {
            let (finding, inside) = cx.at_range(
                located,
                &range,
                format!("`{}` does not say how often the job runs", jobs::shown(parts.repeat)),
            );
            let finding = finding
                .label("`R`, maybe with a number")
                .why("PaaSTA refuses the job")
                .help("write `R` for ever, or `R5` for five times");
            let upper = parts.repeat.to_ascii_uppercase();
            let edits = iso8601::repeat(&upper).and_then(|_| replace(inside, upper));
            sink.report(match edits {
                Some(edits) => finding.safe_fix("write `R` in upper case", edits),
                None => finding,
            });
        }
    }
}
