//! Months in a period.

use crate::model::kind::FileKind;
use crate::rules::inside::replace;
use crate::rules::{Check, Fixable, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::runs::Repeating;

pub(crate) static RULE: Rule = rule! {
    /// Finds repeating intervals of months that start on the 29th to the 31st, and periods of months
    /// that were meant as minutes.
    ///
    /// ## Why it matters
    ///
    /// Not every month has that many days: in a shorter one the job runs on its last day. Chronos counts
    /// each run from the one before, so it may stay on the 28th from the first February on.
    ///
    /// `P30M` is thirty months; thirty minutes are `PT30M`.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// monthly:
    ///   schedule: R/2017-01-31T03:00:00Z/P1M
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// monthly:
    ///   schedule: R/2017-02-01T03:00:00Z/P1M
    ///   cmd: run
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Unsafe: the job runs more often.
    ///
    /// ## Source
    ///
    /// ISO 8601; Joda time, with which Chronos 2.5.0 counts.
    "schedule-month-day" in Schedule,
    level: Warning,
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some((schedule, parts)) = jobs::repeating(located) else { return };
    let Some(repeating) = Repeating::of(schedule) else { return };
    let period = repeating.period;
    if period.months == 0 {
        return;
    }
    let is_bare = parts.period.strip_prefix('P').and_then(|rest| rest.strip_suffix('M'));
    let minutes =
        is_bare.filter(|count| count.bytes().all(|b| b.is_ascii_digit()) && is_of_minutes(period.months));
    if let Some(count) = minutes {
        let range = jobs::period_range(&parts);
        let meant = format!("PT{count}M");
        let (finding, inside) =
            cx.at_range(located, &range, format!("`{}` is a period of months", parts.period));
        sink.report(
            finding
                .label(format!("{} months", period.months))
                .why("the job runs once in these months; minutes need a `T` before them")
                .help(format!("write `{meant}` for minutes"))
                .unsafe_fix("count in minutes", replace(inside, meant)),
        );
        return;
    }
    let day = repeating.start.day();
    if period.days == 0 && day > 28 && repeating.runs > 1 && !period.months.is_multiple_of(12) {
        let range = jobs::start_range(&parts);
        sink.report(
            cx.at_range(located, &range, format!("not every month has a day {day}"))
                .0
                .label(format!("the {day}{} of a month", if day == 31 { "st" } else { "th" }))
                .why("in a shorter month it runs on the last day, and Chronos, which counts from run to run, may stay on that day")
                .help("start on one of the days 1 to 28, or use cron for the days that exist"),
        );
    }
}

/// Whether so many months are rather meant as minutes.
const fn is_of_minutes(months: u64) -> bool {
    matches!(months, 5 | 10 | 15 | 20) || (months > 12 && !matches!(months, 18 | 24 | 36 | 48))
}
