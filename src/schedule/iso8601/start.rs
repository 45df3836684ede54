//! The start of a repeating interval: a date, a time of day, maybe a zone.

use std::ops::Range;

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, ISOWeekDate, Weekday};

use super::cursor::Cursor;
use crate::schedule::range_in;

/// What is wrong with a start, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartProblem {
    /// Bytes of the start.
    pub range: Range<usize>,
    /// What is wrong there.
    pub kind: StartTrouble,
}

/// What can be wrong with a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartTrouble {
    /// It is empty.
    Missing,
    /// A blank (or a lower-case `t`) where the `T` belongs.
    Separator,
    /// No time of day.
    DateOnly,
    /// Year, month and day, or hour and minute, without `-` and `:` between them.
    Basic,
    /// A day or a time that does not exist; which of the two words fits.
    Impossible(&'static str),
    /// Something that is no part of a date and time.
    Malformed,
}

/// The zone at the end of a start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offset {
    /// Nothing.
    None,
    /// `Z`, or an offset of zero.
    Utc,
    /// Hours and minutes from UTC, in minutes, and where it stands in the start.
    Minutes(i32, Range<usize>),
}

/// A start that PaaSTA and Chronos read alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// What the clock shows; `None` for a year of two digits, which the two read differently.
    pub time: Option<DateTime>,
    /// Its zone, which Chronos does not look at.
    pub offset: Offset,
}

/// Reads a start.
///
/// # Errors
/// What is wrong with it.
pub fn start(text: &str) -> Result<Start, StartProblem> {
    let fail = |range, kind| Err(StartProblem { range, kind });
    if text.is_empty() {
        return fail(0..0, StartTrouble::Missing);
    }
    let Some((day, time)) = text.split_once('T') else { return fail_without_t(text) };
    let day = date(text, day)?;
    let (into_day, offset) = clock(text, time)?;
    let midnight = day.map(|day| day.at(0, 0, 0, 0));
    let time = midnight.and_then(|midnight| midnight.checked_add(into_day).ok());
    Ok(Start { time, offset })
}

fn fail_without_t(text: &str) -> Result<Start, StartProblem> {
    let fail = |range, kind| Err(StartProblem { range, kind });
    if let Some(at) = text.find([' ', 't'])
        && let (Some(day), Some(time)) = (text.get(..at), text.get(at + 1..))
        && date(text, day).is_ok()
        && clock(text, time).is_ok()
    {
        return fail(at..at + 1, StartTrouble::Separator);
    }
    // A zone alone after the date is as good as no time.
    let day = text.trim_end_matches(['Z', 'z']);
    match date(text, day) {
        Ok(_) => fail(0..text.len(), StartTrouble::DateOnly),
        Err(problem) if matches!(problem.kind, StartTrouble::Malformed) => {
            fail(0..text.len(), StartTrouble::Malformed)
        }
        Err(problem) => Err(problem),
    }
}

/// The day; `Ok(None)` where the two readers would not agree on it.
fn date(whole: &str, day: &str) -> Result<Option<Date>, StartProblem> {
    let range = range_in(whole, day);
    let fail = |kind| Err(StartProblem { range: range.clone(), kind });
    if is_basic_date(day) {
        return fail(StartTrouble::Basic);
    }
    let mut cursor = Cursor { text: day, at: 0 };
    let (count, year) = cursor.digits(4);
    if count != 4 && count != 2 {
        return fail(StartTrouble::Malformed);
    }
    let found = if cursor.is_done() {
        calendar_day(year, 1, 1)
    } else if !cursor.eat(b'-') {
        return fail(StartTrouble::Malformed);
    } else if cursor.eat(b'W') {
        let (_, week) = cursor.digits(2);
        let weekday = if cursor.eat(b'-') { cursor.digits(1).1 } else { 1 };
        week_day(year, week, weekday)
    } else {
        let (digits, first) = cursor.digits(3);
        match digits {
            3 => day_of_year(year, first),
            1 | 2 => {
                let day = if cursor.eat(b'-') { cursor.digits(2).1 } else { 1 };
                calendar_day(year, first, day)
            }
            _ => return fail(StartTrouble::Malformed),
        }
    };
    if found.is_none() || year == 0 {
        return fail(StartTrouble::Impossible("day"));
    }
    // Of a year of two digits isodate makes a century, and Joda time the year.
    if cursor.is_done() { Ok(found.filter(|_| count == 4)) } else { fail(StartTrouble::Malformed) }
}

fn calendar_day(year: u32, month: u32, day: u32) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn day_of_year(year: u32, day: u32) -> Option<Date> {
    let first = calendar_day(year, 1, 1)?;
    first.with().day_of_year(i16::try_from(day).ok()?).build().ok()
}

fn week_day(year: u32, week: u32, weekday: u32) -> Option<Date> {
    let weekday = Weekday::from_monday_one_offset(i8::try_from(weekday).ok()?).ok()?;
    let (year, week) = (i16::try_from(year).ok()?, i8::try_from(week).ok()?);
    // Not every year has a week 53; isodate counts on into the next year.
    let last = ISOWeekDate::new(year, week.min(52), weekday).ok()?;
    let extra = i64::from(week) - 52;
    let date = Date::from(last);
    match (1..=53).contains(&week) {
        true if extra == 1 => date.checked_add(SignedDuration::from_hours(24 * 7)).ok(),
        true => Some(date),
        false => None,
    }
}

/// `20141010`, `2014283`, `2014W415`: Joda time takes their digits for a year.
fn is_basic_date(day: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    match day.split_once('W') {
        Some((year, rest)) => year.len() == 4 && digits(year) && matches!(rest.len(), 2 | 3) && digits(rest),
        None => matches!(day.len(), 6..=8) && digits(day),
    }
}

/// A start in the basic format in the extended one: `20170131T0300Z` as `2017-01-31T03:00Z`.
pub fn extended(text: &str) -> Option<String> {
    let (day, time) = text.split_once('T')?;
    let day = match (day.len(), is_basic_date(day), day.contains('W')) {
        (_, false, _) => day.to_owned(),
        (8, _, false) => format!("{}-{}-{}", day.get(..4)?, day.get(4..6)?, day.get(6..)?),
        (8, _, true) => format!("{}-{}-{}", day.get(..4)?, day.get(4..7)?, day.get(7..)?),
        (7, ..) => format!("{}-{}", day.get(..4)?, day.get(4..)?),
        _ => return None,
    };
    let digits = time.find(|c: char| !c.is_ascii_digit()).unwrap_or(time.len());
    let (clock, rest) = time.split_at(digits);
    let clock = match clock.len() {
        4 => format!("{}:{}", clock.get(..2)?, clock.get(2..)?),
        6 => format!("{}:{}:{}", clock.get(..2)?, clock.get(2..4)?, clock.get(4..)?),
        _ => clock.to_owned(),
    };
    let extended = format!("{day}T{clock}{rest}");
    start(&extended).is_ok().then_some(extended)
}

/// The time since midnight, and the zone.
fn clock(whole: &str, time: &str) -> Result<(SignedDuration, Offset), StartProblem> {
    let range = range_in(whole, time);
    let base = range.start;
    let fail = |range, kind| Err(StartProblem { range, kind });
    let mut cursor = Cursor { text: time, at: 0 };
    let (count, hour) = cursor.digits(2);
    if count != 2 {
        return if time.is_empty() {
            fail(0..whole.len(), StartTrouble::DateOnly)
        } else {
            fail(range, StartTrouble::Malformed)
        };
    }
    if cursor.peek().is_some_and(|b| b.is_ascii_digit()) {
        return fail(range, StartTrouble::Basic);
    }
    let (mut minute, mut second) = (0, 0);
    // Seconds in one of the last unit that is written.
    let mut unit = 3600.0;
    for part in [&mut minute, &mut second] {
        if !cursor.eat(b':') {
            break;
        }
        unit /= 60.0;
        let (count, value) = cursor.digits(2);
        if count == 0 {
            return fail(range, StartTrouble::Malformed);
        }
        *part = value;
    }
    let mut fraction = 0.0;
    if cursor.eat(b'.') || cursor.eat(b',') {
        let from = cursor.at;
        while cursor.digits(9).0 > 0 {}
        fraction = format!("0.{}", time.get(from..cursor.at).unwrap_or("0")).parse().unwrap_or(0.0);
    }
    if hour > 23 || minute > 59 || second > 59 {
        return fail(base..base + cursor.at, StartTrouble::Impossible("time"));
    }
    let seconds = i64::from(hour * 3600 + minute * 60 + second);
    let into_day = SignedDuration::from_secs(seconds) + SignedDuration::from_secs_f64(fraction * unit);
    let at = cursor.at;
    if cursor.is_done() {
        return Ok((into_day, Offset::None));
    }
    match offset(&mut cursor) {
        Some(0) if cursor.is_done() => Ok((into_day, Offset::Utc)),
        Some(minutes) if cursor.is_done() => Ok((into_day, Offset::Minutes(minutes, base + at..range.end))),
        _ => fail(base + at..range.end, StartTrouble::Malformed),
    }
}

/// The offset from UTC in minutes.
fn offset(cursor: &mut Cursor<'_>) -> Option<i32> {
    if cursor.eat(b'Z') || cursor.eat(b'z') {
        return Some(0);
    }
    let sign = if cursor.eat(b'+') {
        1
    } else if cursor.eat(b'-') {
        -1
    } else {
        return None;
    };
    let (count, hours) = cursor.digits(2);
    let marked = cursor.eat(b':');
    let (minute_count, minutes) = cursor.digits(2);
    let complete = count == 2 && (minute_count == 2 || (minute_count == 0 && !marked));
    if !complete || hours > 23 || minutes > 59 {
        return None;
    }
    Some(sign * i32::try_from(hours * 60 + minutes).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bad_start(text: &str) -> (&str, StartTrouble) {
        let problem = start(text).expect_err(text);
        (&text[problem.range], problem.kind)
    }

    fn offset(text: &str) -> Result<Offset, StartProblem> {
        start(text).map(|start| start.offset)
    }

    #[test]
    fn starts_that_both_read() {
        for text in [
            "2014-10-10T18:32:00Z",
            "2014-10-10T18:32:00.123Z",
            "2014-10-10T18:32Z",
            "2014-10-10T18Z",
            "2014-283T18:32:00Z",
            "2014-W41-5T18:32:00Z",
            "2014-10T00:00:00+00:00",
            "2016-02-29T00:00:00Z",
        ] {
            assert_eq!(offset(text), Ok(Offset::Utc), "{text}");
        }
        assert_eq!(offset("2014-10-10T18:32:00"), Ok(Offset::None));
        assert_eq!(offset("2014-10-10T18:32:00+02:00"), Ok(Offset::Minutes(120, 19..25)));
        assert_eq!(offset("2014-10-10T18:32-0330"), Ok(Offset::Minutes(-210, 16..21)));
    }

    #[test]
    fn starts_are_times() {
        let shown = |text: &str| {
            let time = start(text).expect(text).time;
            time.map_or_else(|| "-".to_owned(), |time| time.to_string())
        };
        for (text, time) in [
            ("2014-10-10T18:32:05Z", "2014-10-10T18:32:05"),
            ("2014-10-10T18:32:05.25Z", "2014-10-10T18:32:05.25"),
            ("2014-10-10T18.5Z", "2014-10-10T18:30:00"),
            ("2014-10-10T18:32,5+02:00", "2014-10-10T18:32:30"),
            ("2014-283T18Z", "2014-10-10T18:00:00"),
            ("2014-W41-5T18Z", "2014-10-10T18:00:00"),
            ("2014-W53-1T00Z", "2014-12-29T00:00:00"),
            ("2015-W53-7T00Z", "2016-01-03T00:00:00"),
            ("2014-10T00Z", "2014-10-01T00:00:00"),
            ("2014T00Z", "2014-01-01T00:00:00"),
            ("14T00Z", "-"),
        ] {
            assert_eq!(shown(text), time, "{text}");
        }
    }

    #[test]
    fn problems_of_starts_point_at_their_characters() {
        assert_eq!(bad_start(""), ("", StartTrouble::Missing));
        assert_eq!(bad_start("2014-10-10 18:32:00Z"), (" ", StartTrouble::Separator));
        assert_eq!(bad_start("2014-10-10t18:32:00Z"), ("t", StartTrouble::Separator));
        assert_eq!(bad_start("2014-10-10"), ("2014-10-10", StartTrouble::DateOnly));
        assert_eq!(bad_start("2014-10-10T"), ("2014-10-10T", StartTrouble::DateOnly));
        assert_eq!(bad_start("20141010T183200Z"), ("20141010", StartTrouble::Basic));
        assert_eq!(bad_start("2014-10-10T1832Z"), ("1832Z", StartTrouble::Basic));
        assert_eq!(bad_start("2014W415T18:32Z"), ("2014W415", StartTrouble::Basic));
        for day in
            ["2014-13-10", "2014-02-30", "2015-02-29", "2014-00-01", "2014-10-0", "2014-366", "0000-01-01"]
        {
            assert_eq!(bad_start(&format!("{day}T00:00Z")), (day, StartTrouble::Impossible("day")));
        }
        assert_eq!(bad_start("2014-10-10T24:00:00Z"), ("24:00:00", StartTrouble::Impossible("time")));
        assert_eq!(bad_start("2014-10-10T18:32:60Z"), ("18:32:60", StartTrouble::Impossible("time")));
        assert_eq!(bad_start("2014-10-10T18:32:00PST"), ("PST", StartTrouble::Malformed));
        assert_eq!(bad_start("2014-10-10T18:32:00+2:00"), ("+2:00", StartTrouble::Malformed));
        assert_eq!(bad_start("yesterday"), ("yesterday", StartTrouble::Malformed));
        assert_eq!(bad_start("2014-10-10T9:00Z"), ("9:00Z", StartTrouble::Malformed));
        assert_eq!(bad_start("täglichTdann"), ("täglich", StartTrouble::Malformed));
    }

    #[test]
    fn basic_starts_have_an_extended_form() {
        for (basic, wanted) in [
            ("20141010T183200Z", "2014-10-10T18:32:00Z"),
            ("2014-10-10T1832Z", "2014-10-10T18:32Z"),
            ("20141010T18:32Z", "2014-10-10T18:32Z"),
            ("2014283T18Z", "2014-283T18Z"),
            ("2014W415T18Z", "2014-W41-5T18Z"),
            ("2014W41T18Z", "2014-W41T18Z"),
        ] {
            assert_eq!(extended(basic).as_deref(), Some(wanted));
        }
        assert_eq!(extended("20141310T183200Z"), None);
    }
}
