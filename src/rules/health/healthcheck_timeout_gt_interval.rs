//! Health checks that begin before the last one has ended.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds health checks that may take longer than the time until the next one.
    ///
    /// ## Why it matters
    ///
    /// Marathon starts a check every `healthcheck_interval_seconds`, whether or not the last one has
    /// been answered. With a longer `healthcheck_timeout_seconds` a task that is slow under load
    /// gets more and more checks at the same time, which makes it slower still.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   healthcheck_interval_seconds: 5
    ///   healthcheck_timeout_seconds: 20
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   healthcheck_interval_seconds: 20
    ///   healthcheck_timeout_seconds: 20
    /// ```
    ///
    /// ## Source
    ///
    /// Marathon's documentation of health checks; the documentation of both keys, 10 seconds each
    /// by default.
    "healthcheck-timeout-gt-interval" in Health,
    level: Warning,
    on: On::keys(&["healthcheck_timeout_seconds", "healthcheck_interval_seconds"]).within(&[FileKind::Marathon]),
    check: Check::Instance(check),
};

/// Both keys say this when they are absent, in seconds.
const DEFAULT: f64 = 10.0;

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let (timeout, interval) = (cx.set("healthcheck_timeout_seconds"), cx.set("healthcheck_interval_seconds"));
    let (Some(longest), Some(between)) = (seconds(timeout.as_ref()), seconds(interval.as_ref())) else {
        return;
    };
    if longest <= between {
        return;
    }
    let message = format!("a health check may take {longest} s, but the next one begins after {between} s");
    let finding = match (&timeout, &interval) {
        (Some(timeout), Some(interval)) => cx
            .at_value(timeout, message)
            .label("longer than the interval")
            .related(interval.value_place(), "a check begins this often"),
        (Some(timeout), None) => cx
            .at_value(timeout, message)
            .label("longer than the default interval")
            .absent(&["healthcheck_interval_seconds"]),
        (None, Some(interval)) => cx
            .at_value(interval, message)
            .label("shorter than the default timeout")
            .absent(&["healthcheck_timeout_seconds"]),
        (None, None) => return,
    };
    sink.report(
        finding
            .why("checks of a slow task pile up, which makes it slower")
            .help("let the timeout be at most the interval"),
    );
}

/// The number of seconds, unless that has a finding of its own.
fn seconds(located: Option<&Located<'_>>) -> Option<f64> {
    match located {
        Some(located) => located.value.as_number().filter(|number| number.is_finite() && *number >= 0.0),
        None => Some(DEFAULT),
    }
}
