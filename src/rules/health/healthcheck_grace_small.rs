//! Tasks that must be healthy at once.

use crate::diagnostic::Severity;
use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Level, Located, On, Rule, Sink, Slot};

pub(crate) static RULE: Rule = rule! {
    /// Finds grace periods of health checks in which hardly any task can start.
    ///
    /// ## Why it matters
    ///
    /// Failed checks count from the end of the grace period. Without one a task that takes its time
    /// to start is counted down, and killed before it was ever ready; the next one fares no better.
    /// A grace period of 0 is a warning; one of less than ten seconds is advice, since a small
    /// server may well be ready by then.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   healthcheck_grace_period_seconds: 0
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   healthcheck_grace_period_seconds: 60
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `healthcheck_grace_period_seconds`, 60 by default; Marathon's
    /// documentation of health checks.
    "healthcheck-grace-small" in Health,
    level: Warning,
    also: &[Level::Info],
    on: On::kinds(&[FileKind::Marathon]),
    check: Check::Entry(Slot::known("healthcheck_grace_period_seconds"), check),
};

/// Seconds that a server with an ordinary runtime needs at least.
const ENOUGH: f64 = 10.0;

fn check(cx: &InstanceCx<'_>, grace: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(seconds) = grace.value.as_number().filter(|seconds| (0.0..ENOUGH).contains(seconds)) else {
        return;
    };
    let finding = if seconds == 0.0 {
        cx.at_value(grace, "failed health checks count from the first second").label("no time to start")
    } else {
        cx.at_value(grace, format!("a task has {seconds} s to become ready"))
            .label("little time to start")
            .severity(Severity::Info)
    };
    sink.report(
        finding
            .why("a task that starts slowly is counted down, and may be killed before it was ever ready")
            .help("give it the time that a slow start takes; 60 seconds are the default"),
    );
}
