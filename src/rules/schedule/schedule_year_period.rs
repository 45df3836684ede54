//! Periods in years.

use crate::model::kind::FileKind;
use crate::rules::inside::replace;
use crate::rules::{Check, Fixable, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::iso8601;

pub(crate) static RULE: Rule = rule! {
    /// Finds periods in years without months (`P1Y`), on which Chronos fails.
    ///
    /// ## Why it matters
    ///
    /// Chronos works out how many runs it has missed since the start. For a period of years alone
    /// it cannot, and raises: the job fails as soon as its start is in the past. Months work:
    /// twelve of them are a year.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// report:
    ///   schedule: R/2017-01-01T03:00:00Z/P1Y
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// report:
    ///   schedule: R/2017-01-01T03:00:00Z/P12M
    ///   cmd: run
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Twelve months are a year in every calendar that Chronos uses.
    ///
    /// ## Source
    ///
    /// Chronos 2.5.0 `JobUtils.calculateSkips`: Joda time raises UnsupportedOperationException for
    /// years.
    "schedule-year-period" in Schedule,
    level: Error,
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some((_, parts)) = jobs::repeating(located) else { return };
    let Ok(period) = iso8601::period(parts.period) else { return };
    if period.years == 0 || period.months != 0 {
        return;
    }
    let range = jobs::period_range(&parts);
    let (finding, inside) = cx.at_range(
        located,
        &range,
        format!("Chronos cannot count in the period `{}`", jobs::shown(parts.period)),
    );
    let rest = parts.period.split_once('Y').map_or("", |(_, rest)| rest);
    let months = format!("P{}M{rest}", period.years.saturating_mul(12));
    let finding = finding
        .label("years without months")
        .why("once the start has passed, Chronos fails on the job each time it reads it")
        .help(format!("write `{}`", jobs::shown(&months)));
    // `P1Y0M2D` has its months already.
    let is_same = iso8601::period(&months).is_ok_and(|p| p.seconds.total_cmp(&period.seconds).is_eq());
    sink.report(match replace(inside, months).filter(|_| is_same) {
        Some(edits) => finding.safe_fix("count in months", edits),
        None => finding,
    });
}
