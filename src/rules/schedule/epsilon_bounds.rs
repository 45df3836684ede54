//! Epsilons that skip every run.

use crate::diagnostic::Severity;
use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Level, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::cron;
use crate::schedule::iso8601::{self, Period, PeriodTrouble};
use crate::schedule::runs::Repeating;

pub(crate) static RULE: Rule = rule! {
    /// Finds values of `epsilon` that are zero or negative, or as long as the time between two runs.
    ///
    /// ## Why it matters
    ///
    /// `epsilon` says how late a run may still start. A run is always a little late, so with an
    /// epsilon of zero or less Chronos skips it. With an epsilon as long as the time between two runs, a
    /// run that was missed starts right before the next one.
    ///
    /// The latter, and less than the minute that is the default, is advice, off by default.
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
    level: Error,
    also: &[Level::Info],
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("epsilon"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(epsilon) = located.value.as_str() else { return };
    let label = match iso8601::period(epsilon) {
        Ok(period) if period.is_zero() => "no time at all",
        Err(problem) if problem.kind == PeriodTrouble::Signed && epsilon.starts_with('-') => {
            "a negative time"
        }
        Ok(period) => return compare(cx, located, epsilon, period, sink),
        Err(_) => return,
    };
    let message = format!("with the epsilon `{}` no run is on time", jobs::shown(epsilon));
    sink.report(
        cx.at_range(located, &(0..epsilon.len()), message)
            .0
            .label(label)
            .why("Chronos skips each run that is later than this")
            .help("write how late a run may start (`PT15M`), or leave it out for 60 seconds"),
    );
}

/// The epsilon against the time between two runs.
fn compare<'a>(
    cx: &InstanceCx<'a>,
    located: &Located<'a>,
    epsilon: &str,
    period: Period,
    sink: &mut Sink<'_>,
) {
    if period.months > 0 || period.years > 0 {
        // `epsilon-format` speaks of these.
        return;
    }
    let range = 0..epsilon.len();
    if period.seconds < DEFAULT {
        sink.report(
            cx.at_range(
                located,
                &range,
                format!(
                    "with the epsilon `{}` a run may be late by less than a minute",
                    jobs::shown(epsilon)
                ),
            )
            .0
            .label("shorter than the default")
            .why("Chronos skips each run that is later than this")
            .help("leave it out for 60 seconds, or write how late a run may start")
            .severity(Severity::Info),
        );
        return;
    }
    let Some((schedule_at, schedule)) = jobs::text(cx, "schedule") else { return };
    let Some(distance) = distance(schedule).filter(|distance| period.seconds >= *distance) else { return };
    let minutes = distance / 60.0;
    sink.report(
        cx.at_range(
            located,
            &range,
            format!("the epsilon is as long as the {minutes} minutes between two runs, or longer"),
        )
        .0
        .label("how late a run may start")
        .related(schedule_at.value_place(), "the next run is due by then")
        .severity(Severity::Info)
        .why("after an outage the run that was missed starts right before the next one")
        .help("write a time shorter than that between two runs"),
    );
}

/// The default, in seconds (the documentation of `epsilon`).
const DEFAULT: f64 = 60.0;

/// The shortest time between two runs, in seconds; `None` where it is more than a day, or unclear.
fn distance(schedule: &str) -> Option<f64> {
    const DAY: f64 = 86_400.0;
    if let Some(times) = Repeating::of(schedule) {
        let period = times.period;
        return (period.months == 0 && period.years == 0).then_some(period.seconds);
    }
    let (cron, _) = cron::read(schedule).ok()?;
    let [minutes, hours, ..] = cron.values;
    let in_day = |minute: u32| (hours >> (minute / 60)) & 1 == 1 && (minutes >> (minute % 60)) & 1 == 1;
    let times: Vec<u32> = (0..24 * 60).filter(|minute| in_day(*minute)).collect();
    let gaps = times.iter().zip(times.iter().skip(1)).map(|(a, b)| f64::from((b - a) * 60));
    Some(gaps.fold(DAY, f64::min))
}
