//! Repeating intervals of less than a minute.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::iso8601::{self, PeriodTrouble};

pub(crate) static RULE: Rule = rule! {
    /// Finds repeating intervals whose period is less than a minute, zero or negative.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA refuses periods under 60 seconds. A period of zero (`PT0S`, `P0D`, `P`) slips through
    /// its check, and Chronos then divides by zero.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// poll:
    ///   schedule: R/2017-01-01T03:00:00Z/PT30S
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// poll:
    ///   schedule: R/2017-01-01T03:00:00Z/PT1M
    ///   cmd: run
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `schedule`; paasta-tools 0.66.6 `chronos_tools:check_schedule`; Chronos
    /// 2.5.0 `JobUtils.calculateSkips`.
    "schedule-interval-short" in Schedule,
    level: Error,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some((_, parts)) = jobs::repeating(located) else { return };
    let (label, why) = match iso8601::period(parts.period) {
        Ok(period) if period.is_zero() => {
            ("no time at all", "PaaSTA lets it pass, and Chronos then divides by zero: the job does not run")
        }
        Ok(period) if period.years == 0 && period.months == 0 && period.seconds < 60.0 => {
            ("less than 60 seconds", "PaaSTA refuses the job")
        }
        Err(problem) if problem.kind == PeriodTrouble::Signed && parts.period.starts_with('-') => {
            ("a negative time", "PaaSTA refuses the job")
        }
        _ => return,
    };
    sink.report(
        cx.at_range(
            located,
            &jobs::period_range(&parts),
            format!("a job cannot run every `{}`", jobs::shown(parts.period)),
        )
        .0
        .label(label)
        .why(why)
        .help("use a period of at least a minute (`PT1M`); what must run more often belongs into a long-running service"),
    );
}
