//! Runs at an hour that the clocks skip or repeat.

use jiff::SignedDuration;
use jiff::civil::DateTime;

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::runs::{Shift, Times, Timetable};

pub(crate) static RULE: Rule = rule! {
    /// Finds schedules with few runs a day, one of which falls into the hour that summer time skips or
    /// repeats in the zone of the job.
    ///
    /// ## Why it matters
    ///
    /// When the clocks go forward, a time such as 2:30 does not come: cron has no run on that day, a
    /// repeating interval runs later. When they go back, it comes twice. It is advice and off by
    /// default.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 30 2 * * *
    ///   schedule_time_zone: America/Los_Angeles
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 30 3 * * *
    ///   schedule_time_zone: America/Los_Angeles
    ///   cmd: run
    /// ```
    ///
    /// ## Source
    ///
    /// The tz database; Chronos 2.5.0 with cron-utils 5.0.1 and Joda time.
    "schedule-dst" in Schedule,
    level: Info,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule_time_zone"), check),
};

/// A year from which on the tz database foretells the changes by a rule, and two more that start
/// the changes on other days.
const YEARS: [i16; 3] = [2038, 2039, 2041];

/// A job with more runs a day does not suffer from one more or less.
const MOST_RUNS: u32 = 12;

fn check(cx: &InstanceCx<'_>, zone_at: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(name) = zone_at.value.as_str() else { return };
    let Some((located, schedule)) = jobs::text(cx, "schedule") else { return };
    let Ok(table) = Timetable::of(schedule, Some(name)) else { return };
    let mut shifts = YEARS.into_iter().flat_map(|year| Shift::of_year(&table.zone, year));
    let Some((time, shift)) = shifts.find_map(|shift| Some((hit(&table.times, &shift)?, shift))) else {
        return;
    };
    let (message, label) = if shift.is_skipped {
        (
            format!("once a year the clock does not show {time}, when the job should run"),
            "this time is skipped in spring",
        )
    } else {
        (
            format!("once a year the clock shows {time}, when the job runs, twice"),
            "this time comes twice in autumn",
        )
    };
    sink.report(
        cx.at_range(&located, &(0..schedule.len()), message)
            .0
            .label(label)
            .related(zone_at.value_place(), "the clocks of this zone change")
            .why("with cron a run that is skipped does not take place; one that comes twice may do its work twice")
            .help("take an hour that the clocks do not touch, or the zone `UTC`"),
    );
}

/// The time of a run that the change touches.
fn hit(times: &Times, shift: &Shift) -> Option<String> {
    let minute = |time: DateTime| time.strftime("%H:%M").to_string();
    match times {
        Times::Cron(cron) => {
            let [minutes, hours, ..] = cron.values;
            if minutes.count_ones() * hours.count_ones() > MOST_RUNS || !cron.fits_day(shift.from.date()) {
                return None;
            }
            let mut time = shift.from;
            while time < shift.to {
                if cron.has(1, time.hour()) && cron.has(0, time.minute()) {
                    return Some(minute(time));
                }
                time = time.checked_add(SignedDuration::from_mins(1)).ok()?;
            }
            None
        }
        Times::Repeating(repeating) => {
            let period = repeating.period;
            let by_clock =
                period.seconds.total_cmp(&(86_400.0 * f64::from(u32::try_from(period.days).ok()?))).is_eq();
            let time = shift.from.date().to_datetime(repeating.start.time());
            // Every day is sure to meet the change; what comes less often may never do.
            (by_clock && period.days == 1 && period.months == 0 && period.years == 0 && shift.contains(time))
                .then(|| minute(time))
        }
    }
}
