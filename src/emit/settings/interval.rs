//! The time between two runs of a job, from which its alerts are timed
//! (`chronos_tools:ChronosJobConfig.get_schedule_interval_in_seconds`).

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::emit::Refusal;
use crate::emit::python::{Data, Value};
use crate::schedule::cron::{self, Cron, Trouble};

/// Years to look for the next or the last run; a schedule for 29 February waits up to eight.
const HORIZON_DAYS: i32 = 8 * 366 + 1;

/// Seconds between two runs: for cron a float, between the runs around `now` (in UTC) in the job's
/// zone; for ISO 8601 an integer, of which years and months are no part; null without a schedule.
///
/// # Errors
/// A cron schedule that croniter does not read: nicknames, less than five fields.
pub fn interval_seconds<'s>(
    schedule: &Value<'s>,
    zone: &Value<'s>,
    now: DateTime,
) -> Result<Value<'s>, Refusal> {
    let null = || Ok(Value::default(Data::None));
    let Some(text) = schedule.as_str() else { return null() };
    if let [_, _, period] = text.split('/').collect::<Vec<_>>().as_slice()
        && !text.contains(' ')
    {
        return Ok(match period_seconds(period) {
            Some(seconds) => Value::new(Data::Int(seconds), schedule.origin),
            None => Value::default(Data::None),
        });
    }
    let cron = match cron::read(text) {
        // Never runs: alerts say nothing of an interval.
        Ok((_, problems)) if problems.iter().any(|problem| problem.kind == Trouble::Never) => return null(),
        Ok((cron, _)) => cron,
        Err(_) => {
            let message = "the schedule has not five fields that alerts can read";
            return Err(Refusal::new("CroniterBadCronError", message)
                .at(schedule.origin)
                .help("write five fields, for example `0 0 * * *`"));
        }
    };
    let zone = zone.as_str().and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC);
    Ok(match around(&cron, &zone, now) {
        Some(seconds) => Value::new(Data::Float(seconds), schedule.origin),
        None => Value::default(Data::None),
    })
}

/// Seconds between the last run at or before `now` and the first after it.
fn around(cron: &Cron, zone: &TimeZone, now: DateTime) -> Option<f64> {
    let now = TimeZone::UTC.to_zoned(now).ok()?.with_time_zone(zone.clone()).datetime();
    let days = DayRule::of(cron);
    let next = find(cron, &days, now, 1)?;
    let last = find(cron, &days, now, -1)?;
    let at = |time: DateTime| Some(time.to_zoned(zone.clone()).ok()?.timestamp().as_second());
    #[expect(clippy::cast_precision_loss, reason = "a few years in seconds are exact")]
    Some((at(next)? - at(last)?) as f64)
}

/// Which days fit.
struct DayRule {
    any_day: bool,
    any_weekday: bool,
}

impl DayRule {
    fn of(cron: &Cron) -> Self {
        let full =
            |field: usize, bits: u64| cron.values.get(field).is_some_and(|values| values & bits == bits);
        // A field that lists everything counts as `*`.
        Self { any_day: full(2, 0xffff_fffe), any_weekday: full(4, 0x7f) }
    }

    /// Both fields restricted: either suffices.
    fn fits(&self, cron: &Cron, date: Date) -> bool {
        let has = |field: usize, value: i8| {
            let bit = u32::try_from(value).unwrap_or(0);
            cron.values.get(field).is_some_and(|values| values >> bit & 1 == 1)
        };
        let day = has(2, date.day());
        let weekday = has(4, date.weekday().to_sunday_zero_offset());
        let fits_day = match (self.any_day, self.any_weekday) {
            (true, true) => true,
            (true, false) => weekday,
            (false, true) => day,
            (false, false) => day || weekday,
        };
        has(3, date.month()) && fits_day
    }
}

/// The first run after `now` (step 1), or the last one at or before it (step -1).
fn find(cron: &Cron, days: &DayRule, now: DateTime, step: i8) -> Option<DateTime> {
    let mut date = now.date();
    for _ in 0..HORIZON_DAYS {
        if days.fits(cron, date) {
            let times = (0..24).flat_map(|hour| (0..60).map(move |minute| (hour, minute)));
            let at = |(hour, minute): (i8, i8)| {
                let has =
                    |field: usize, value: i8| cron.values.get(field).is_some_and(|v| (v >> value) & 1 == 1);
                (has(1, hour) && has(0, minute)).then(|| date.at(hour, minute, 0, 0))
            };
            let found = if step > 0 {
                times.filter_map(at).find(|time| *time > now)
            } else {
                times.rev().filter_map(at).find(|time| *time <= now)
            };
            if found.is_some() {
                return found;
            }
        }
        date = if step > 0 { date.tomorrow().ok()? } else { date.yesterday().ok()? };
    }
    None
}

/// Whole seconds of an ISO 8601 duration as isodate reads it; years and months count as nothing.
fn period_seconds(text: &str) -> Option<i64> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let rest = rest.strip_prefix('P')?;
    let (date, time) = rest.split_once('T').unwrap_or((rest, ""));
    let date = part(date, &[('Y', 0.0), ('M', 0.0), ('W', 604_800.0), ('D', 86_400.0)])?;
    let time = part(time, &[('H', 3600.0), ('M', 60.0), ('S', 1.0)])?;
    let seconds = (date + time).trunc();
    // The largest that Python's timedelta holds is far below this.
    #[expect(clippy::cast_possible_truncation, reason = "bounded by the check")]
    (seconds < 1e15).then_some(if negative { -(seconds as i64) } else { seconds as i64 })
}

fn part(text: &str, units: &[(char, f64)]) -> Option<f64> {
    let mut total = 0.0;
    let (mut rest, mut units) = (text, units);
    while !rest.is_empty() {
        let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')))?;
        let (digits, after) = rest.split_at(end);
        let letter = after.chars().next()?;
        let at = units.iter().position(|(unit, _)| *unit == letter)?;
        let seconds = units.get(at).map_or(0.0, |(_, seconds)| *seconds);
        units = units.get(at + 1..).unwrap_or(&[]);
        total += digits.replace(',', ".").parse::<f64>().ok()? * seconds;
        rest = after.get(1..).unwrap_or("");
    }
    Some(total)
}
