//! The time between two runs of a job, from which its alerts are timed
//! (`chronos_tools:ChronosJobConfig.get_schedule_interval_in_seconds`).

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use crate::emit::Refusal;
use crate::emit::python::{Data, Value};
use crate::schedule::{cron, croniter};

/// Seconds between two runs: for cron a float, between the runs around `now` (in UTC) in the job's
/// zone; for ISO 8601 an integer, of which years and months are no part; null without a schedule.
///
/// # Errors
/// A cron schedule that croniter does not read, such as a nickname, or of which it finds no run.
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
    let refuse = |exception: &'static str, message: &str, help: &'static str| {
        Err(Refusal::new(exception, message).at(schedule.origin).help(help))
    };
    if cron::read(text).is_err() {
        let message = "the schedule has not five fields that alerts can read";
        return refuse("CroniterBadCronError", message, "write five fields, for example `0 0 * * *`");
    }
    let zone = zone.as_str().and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC);
    let Ok(now) = Offset::UTC.to_timestamp(now) else { return null() };
    #[expect(clippy::cast_precision_loss, reason = "a few years in seconds are exact")]
    match croniter::interval(text, &zone, now) {
        Ok(seconds) => Ok(Value::new(Data::Float(seconds as f64), schedule.origin)),
        Err(croniter::Fault::Mixed) => refuse(
            "TypeError",
            "`schedule` has a list with both `*` and numbers, on which croniter fails",
            "write the `*` alone: it stands for every number",
        ),
        Err(croniter::Fault::NoDate) => refuse(
            "CroniterBadDateError",
            "croniter finds no run of `schedule` within a year",
            "set `realert_every` of the job and a date that comes every year",
        ),
        Err(croniter::Fault::Malformed) => {
            refuse("CroniterBadCronError", "croniter cannot read `schedule`", "write five fields")
        }
    }
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
