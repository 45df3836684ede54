//! croniter 0.3.14, from which paasta-tools 0.66.6 has the time between two runs of a job.
//!
//! Followed step by step, since its peculiarities show in alerts: it computes with the offset that the
//! zone has where it starts, looks one year ahead at most, fails on a list that has both `*` and
//! numbers, and takes February for a month of 28 days when it goes back.

use jiff::civil::{Date, DateTime, date};
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Timestamp};

use super::cron::FIELDS;

/// Steps of one search; a year has fewer that lead somewhere.
const MOST_STEPS: usize = 10_000;

/// Why croniter gives no runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// `TypeError`: a list has both `*` and numbers.
    Mixed,
    /// `CroniterBadDateError`: no run within a year or so.
    NoDate,
    /// The expression has not the form that its check let pass.
    Malformed,
}

/// Seconds from the last run before the next one to the next one after `now`.
///
/// # Errors
/// croniter raises.
pub fn interval(text: &str, zone: &TimeZone, now: Timestamp) -> Result<i64, Fault> {
    let fields = Fields::read(text)?;
    let next = fields.nearest(zone, now.as_second(), Direction::Next)?;
    let last = fields.nearest(zone, next, Direction::Previous)?;
    Ok(next - last)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Next,
    Previous,
}

/// The values of a field in order; none for every value.
type Values = Option<Vec<i32>>;

#[derive(Clone)]
struct Fields {
    minute: Values,
    hour: Values,
    day: Values,
    month: Values,
    weekday: Values,
}

impl Fields {
    fn read(text: &str) -> Result<Self, Fault> {
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        let [minute, hour, day, month, weekday] = words.as_slice() else { return Err(Fault::Malformed) };
        Ok(Self {
            minute: values(minute, 0)?,
            hour: values(hour, 1)?,
            day: values(day, 2)?,
            month: values(month, 3)?,
            weekday: values(weekday, 4)?,
        })
    }

    /// The next run after a second of Unix time, or the last one before it.
    fn nearest(&self, zone: &TimeZone, from: i64, direction: Direction) -> Result<i64, Fault> {
        if self.day.is_none() || self.weekday.is_none() {
            return self.search(zone, from, direction);
        }
        // Either of the two days suffices.
        let by_day = Self { weekday: None, ..self.clone() }.search(zone, from, direction)?;
        let by_weekday = Self { day: None, ..self.clone() }.search(zone, from, direction)?;
        Ok(match direction {
            Direction::Next => by_day.min(by_weekday),
            Direction::Previous => by_day.max(by_weekday),
        })
    }

    fn search(&self, zone: &TimeZone, from: i64, direction: Direction) -> Result<i64, Fault> {
        let start = if direction == Direction::Next { from + 60 } else { from - 60 };
        let start = Timestamp::from_second(start).map_err(|_| Fault::NoDate)?;
        let (mut at, offset) = (zone.to_datetime(start), zone.to_offset(start));
        let year = at.year();
        for _ in 0..MOST_STEPS {
            if (at.year() - year).abs() > 1 {
                break;
            }
            match self.step(at, direction) {
                Some(Ok(moved)) => at = moved,
                Some(Err(fault)) => return Err(fault),
                None => return unix(at, offset),
            }
        }
        Err(Fault::NoDate)
    }

    /// Goes to the first or last moment of the nearest month, day, hour or minute that fits; none where
    /// all of them do.
    fn step(&self, at: DateTime, direction: Direction) -> Option<Result<DateTime, Fault>> {
        let is_back = direction == Direction::Previous;
        let near = |x: i8, values: &Values, range: i32| {
            let difference = difference(i32::from(x), values.as_deref()?, range, direction);
            (difference != 0).then_some(difference)
        };
        let edge = |date: Date| if is_back { date.at(23, 59, 59, 0) } else { date.at(0, 0, 0, 0) };
        if let Some(months) = near(at.month(), &self.month, 12) {
            return Some(month(at.date(), months, is_back).map(edge));
        }
        let days = if is_back {
            short_month(if at.month() == 1 { 12 } else { at.month() - 1 })
        } else {
            at.days_in_month()
        };
        let weekday = at.weekday().to_sunday_zero_offset();
        let moved = near(at.day(), &self.day, i32::from(days)).or_else(|| near(weekday, &self.weekday, 7));
        if let Some(days) = moved {
            let date = at.date().checked_add(Span::new().days(days));
            return Some(date.map(edge).map_err(|_| Fault::NoDate));
        }
        let (minute, second) = if is_back { (59, 59) } else { (0, 0) };
        if let Some(hours) = near(at.hour(), &self.hour, 24) {
            let hour = at.date().at(at.hour(), minute, second, 0);
            return Some(hour.checked_add(Span::new().hours(hours)).map_err(|_| Fault::NoDate));
        }
        let minutes = near(at.minute(), &self.minute, 60)?;
        let time = at.date().at(at.hour(), at.minute(), second, 0);
        Some(time.checked_add(Span::new().minutes(minutes)).map_err(|_| Fault::NoDate))
    }
}

/// The seconds of Unix time of that minute, at a fixed offset.
fn unix(at: DateTime, offset: Offset) -> Result<i64, Fault> {
    let minute = at.date().at(at.hour(), at.minute(), 0, 0);
    offset.to_timestamp(minute).map(Timestamp::as_second).map_err(|_| Fault::NoDate)
}

/// The first day of the month that many months away; going back, its last one as croniter has it.
fn month(from: Date, months: i32, is_back: bool) -> Result<Date, Fault> {
    let moved = from.first_of_month().checked_add(Span::new().months(months)).map_err(|_| Fault::NoDate)?;
    let day = if is_back { short_month(moved.month()) } else { 1 };
    Ok(date(moved.year(), moved.month(), day))
}

/// Days of a month, without leap days.
const fn short_month(month: i8) -> i8 {
    match month {
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// How far it is to the nearest of the values, around the end of the range if need be.
fn difference(x: i32, values: &[i32], range: i32, direction: Direction) -> i32 {
    if direction == Direction::Next {
        let first = values.first().copied().unwrap_or(x);
        return values.iter().find(|value| **value >= x).map_or(first - x + range, |value| value - x);
    }
    if let Some(value) = values.iter().rev().find(|value| **value <= x) {
        return value - x;
    }
    let last = values.last().copied().unwrap_or(x);
    values.iter().rev().find(|value| **value < range).copied().unwrap_or(last) - x - range
}

/// The values of a field, sorted, repeated ones included.
fn values(word: &str, index: usize) -> Result<Values, Fault> {
    let Some(field) = FIELDS.get(index) else { return Err(Fault::Malformed) };
    let number = |text: &str| {
        let lower = text.to_ascii_lowercase();
        let name = field.names.iter().position(|name| *name == lower);
        match name.and_then(|at| i32::try_from(at).ok()) {
            Some(at) => i32::try_from(field.min).map(|min| min + at).map_err(|_| Fault::Malformed),
            None => text.parse::<i32>().map_err(|_| Fault::Malformed),
        }
    };
    let (least, most) = (field.min.to_string(), field.max.to_string());
    let (mut found, mut has_star) = (Vec::new(), false);
    for part in word.split(',') {
        if part == "*" {
            has_star = true;
            continue;
        }
        let (base, step) = part.split_once('/').unwrap_or((part, "1"));
        let (low, high) = match base.split_once('-') {
            _ if base == "*" => (least.as_str(), most.as_str()),
            Some(range) => range,
            None if part.contains('/') => (base, most.as_str()),
            None => (base, base),
        };
        let step = step.parse::<usize>().ok().filter(|step| *step > 0).ok_or(Fault::Malformed)?;
        // Sunday is 7, too.
        let once = |value| if index == 4 && value == 7 { 0 } else { value };
        found.extend((number(low)?..=number(high)?).step_by(step).map(once));
    }
    match (has_star, found.is_empty()) {
        (true, true) => Ok(None),
        (true, false) => Err(Fault::Mixed),
        (false, true) => Err(Fault::Malformed),
        (false, false) => {
            found.sort_unstable();
            Ok(Some(found))
        }
    }
}
