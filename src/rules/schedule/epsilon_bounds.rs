//! Epsilons that skip every run.

use crate::rules::{Check, InstanceCx, Rule, Sink, jobs};
use crate::schedule::iso8601::{self, PeriodTrouble};

pub(crate) static RULE: Rule = rule! {
    /// Finds values of `epsilon` that are zero or negative.
    ///
    /// ## Why it matters
    ///
    /// `epsilon` says how late a run may still start. A run is always a little late, so with an
    /// epsilon of zero or less Chronos skips it.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   epsilon: PT0S
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   epsilon: PT15M
    ///   cmd: run
    /// ```
    ///
    /// ## Source
    ///
    /// Chronos 2.5.0 `JobScheduler`: a run is launched only if it was due after now minus epsilon.
    "epsilon-bounds" in Schedule,
    documented: Error, paasta_0_66: Error,
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let Some((located, epsilon)) = jobs::text(cx, "epsilon") else { return };
    let label = match iso8601::period(epsilon) {
        Ok(period) if period.is_zero() => "no time at all",
        Err(problem) if problem.kind == PeriodTrouble::Signed && epsilon.starts_with('-') => "a negative time",
        _ => return,
    };
    let message = format!("with the epsilon `{}` no run is on time", jobs::shown(epsilon));
    sink.report(
        cx.at_range(&located, &(0..epsilon.len()), message)
            .0
            .label(label)
            .why("Chronos skips each run that is later than this")
            .help("write how late a run may start (`PT15M`), or leave it out for 60 seconds"),
    );
}
