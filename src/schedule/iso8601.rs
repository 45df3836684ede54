//! ISO 8601 as a schedule has it: `R[n]/start/period`.
//!
//! paasta-tools 0.66.6 reads with isodate 0.5.1, whose patterns match a prefix only; Chronos reads
//! with Joda time, which takes the whole text but knows the extended format only. What is read
//! here without a problem, both read alike.

use std::ops::Range;

use super::range_in;

/// The three parts of a repeating interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    /// `R` or `Rn`.
    pub repeat: &'a str,
    /// When the first run is.
    pub start: &'a str,
    /// The time between two runs.
    pub period: &'a str,
}

impl<'a> Parts<'a> {
    /// The parts of `text`, if these are three.
    pub fn of(text: &'a str) -> Option<Self> {
        let mut parts = text.split('/');
        let found = Self { repeat: parts.next()?, start: parts.next()?, period: parts.next()? };
        parts.next().is_none().then_some(found)
    }
}

/// How often a job runs; `None` is for ever.
///
/// # Errors
/// The text is not `R` with an optional number.
pub fn repeat(text: &str) -> Result<Option<u64>, ()> {
    let digits = text.strip_prefix('R').ok_or(())?;
    if digits.is_empty() {
        return Ok(None);
    }
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(());
    }
    // More runs than fit are as good as for ever.
    Ok(Some(digits.parse().unwrap_or(u64::MAX)))
}

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
    date(text, day)?;
    clock(text, time)
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
        Ok(()) => fail(0..text.len(), StartTrouble::DateOnly),
        Err(problem) if matches!(problem.kind, StartTrouble::Malformed) => {
            fail(0..text.len(), StartTrouble::Malformed)
        }
        Err(problem) => Err(problem),
    }
}

/// A reader of digits and marks.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Up to `most` digits: how many there are, and their value.
    fn digits(&mut self, most: usize) -> (usize, u32) {
        let start = self.at;
        let mut value = 0;
        while self.at - start < most
            && let Some(digit) = self.peek().filter(u8::is_ascii_digit)
        {
            value = value * 10 + u32::from(digit - b'0');
            self.at += 1;
        }
        (self.at - start, value)
    }

    fn is_done(&self) -> bool {
        self.at >= self.text.len()
    }
}

fn date(whole: &str, day: &str) -> Result<(), StartProblem> {
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
    let possible = if cursor.is_done() {
        year > 0
    } else if !cursor.eat(b'-') {
        return fail(StartTrouble::Malformed);
    } else if cursor.eat(b'W') {
        let (_, week) = cursor.digits(2);
        let weekday = if cursor.eat(b'-') { cursor.digits(1).1 } else { 1 };
        (1..=53).contains(&week) && (1..=7).contains(&weekday)
    } else {
        let (count, first) = cursor.digits(3);
        match count {
            3 => (1..=365 + u32::from(is_leap(year))).contains(&first),
            1 | 2 => {
                let in_month = |day| (1..=days_of(year, first)).contains(&day);
                (1..=12).contains(&first) && (!cursor.eat(b'-') || in_month(cursor.digits(2).1))
            }
            _ => return fail(StartTrouble::Malformed),
        }
    };
    if !possible || year == 0 {
        return fail(StartTrouble::Impossible("day"));
    }
    if cursor.is_done() { Ok(()) } else { fail(StartTrouble::Malformed) }
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
        (7, _, false) => format!("{}-{}", day.get(..4)?, day.get(4..)?),
        (8, _, true) => format!("{}-{}-{}", day.get(..4)?, day.get(4..7)?, day.get(7..)?),
        (7, _, true) => format!("{}-{}", day.get(..4)?, day.get(4..)?),
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

const fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

const fn days_of(year: u32, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn clock(whole: &str, time: &str) -> Result<Start, StartProblem> {
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
    for part in [&mut minute, &mut second] {
        if !cursor.eat(b':') {
            break;
        }
        let (count, value) = cursor.digits(2);
        if count == 0 {
            return fail(range, StartTrouble::Malformed);
        }
        *part = value;
    }
    if cursor.eat(b'.') || cursor.eat(b',') {
        while cursor.digits(9).0 > 0 {}
    }
    if hour > 23 || minute > 59 || second > 59 {
        return fail(base..base + cursor.at, StartTrouble::Impossible("time"));
    }
    let at = cursor.at;
    match offset(&mut cursor) {
        Some(minutes) if cursor.is_done() => {
            let offset = match minutes {
                None => Offset::None,
                Some(0) => Offset::Utc,
                Some(minutes) => Offset::Minutes(minutes, base + at..range.end),
            };
            Ok(Start { offset })
        }
        _ => fail(base + at..range.end, StartTrouble::Malformed),
    }
}

/// The offset from UTC in minutes; `Some(None)` where there is none.
fn offset(cursor: &mut Cursor<'_>) -> Option<Option<i32>> {
    if cursor.is_done() {
        return Some(None);
    }
    if cursor.eat(b'Z') || cursor.eat(b'z') {
        return Some(Some(0));
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
    Some(Some(sign * i32::try_from(hours * 60 + minutes).ok()?))
}

/// What is wrong with a period, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodProblem {
    /// Bytes of the period.
    pub range: Range<usize>,
    /// What is wrong there.
    pub kind: PeriodTrouble,
}

/// What can be wrong with a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeriodTrouble {
    /// It is no period; how it is probably meant, if that is clear.
    Malformed(Option<String>),
    /// Hours, minutes or seconds without the `T` before them; the period with it.
    NoT(String),
    /// A sign in front.
    Signed,
    /// A fraction of something other than seconds; the same time without a fraction.
    Fraction(Option<String>),
    /// A date and time after the `P`: PaaSTA reads it, Chronos does not.
    DateTime,
    /// A number that no reader can hold.
    TooLong,
}

/// A period: a number of each unit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Period {
    /// Calendar years.
    pub years: u64,
    /// Calendar months.
    pub months: u64,
    /// Weeks, days, hours, minutes and seconds together, in seconds.
    pub seconds: f64,
}

impl Period {
    /// Whether it lasts no time at all.
    pub fn is_zero(&self) -> bool {
        self.years == 0 && self.months == 0 && self.seconds == 0.0
    }
}

/// Units in their order, with their length in seconds; years and months have none.
const DATE_UNITS: [(u8, f64); 4] = [(b'Y', 0.0), (b'M', 0.0), (b'W', 604_800.0), (b'D', 86_400.0)];
const TIME_UNITS: [(u8, f64); 3] = [(b'H', 3600.0), (b'M', 60.0), (b'S', 1.0)];

/// Reads a period.
///
/// # Errors
/// What is wrong with it.
pub fn period(text: &str) -> Result<Period, PeriodProblem> {
    let fail = |range, kind| Err(PeriodProblem { range, kind });
    if text.starts_with(['+', '-'])
        && let Some(rest) = text.get(1..)
        && period(rest).is_ok()
    {
        return fail(0..1, PeriodTrouble::Signed);
    }
    let malformed = || fail(0..text.len(), PeriodTrouble::Malformed(repaired(text)));
    let Some(rest) = text.strip_prefix('P') else { return malformed() };
    if start(rest).is_ok() {
        return fail(0..text.len(), PeriodTrouble::DateTime);
    }
    let mut period = Period::default();
    let mut fraction = None;
    let mut cursor = Cursor { text, at: 1 };
    let mut units: &[(u8, f64)] = &DATE_UNITS;
    let mut in_time = false;
    while !cursor.is_done() {
        if !in_time && cursor.eat(b'T') {
            (units, in_time) = (&TIME_UNITS, true);
            continue;
        }
        let from = cursor.at;
        let Some((amount, has_fraction)) = amount(&mut cursor) else { return malformed() };
        // Joda time keeps each number in 32 bits.
        if amount > f64::from(i32::MAX) {
            return fail(from..cursor.at, PeriodTrouble::TooLong);
        }
        let Some(unit) = cursor.peek() else { return malformed() };
        let Some(index) = units.iter().position(|(letter, _)| *letter == unit) else {
            return match with_t(text) {
                Some(repaired) => fail(0..text.len(), PeriodTrouble::NoT(repaired)),
                None => malformed(),
            };
        };
        cursor.at += 1;
        let seconds = units.get(index).map_or(0.0, |(_, seconds)| *seconds);
        units = units.get(index + 1..).unwrap_or(&[]);
        period.seconds += amount * seconds;
        match (in_time, unit) {
            (false, b'Y') => period.years = whole(amount),
            (false, b'M') => period.months = whole(amount),
            _ => {}
        }
        if has_fraction && unit != b'S' && fraction.is_none() {
            fraction = Some(seconds);
        }
    }
    match fraction {
        Some(seconds) => {
            let exact = seconds > 0.0 && period.years == 0 && period.months == 0;
            fail(0..text.len(), PeriodTrouble::Fraction(exact.then(|| written(period.seconds)).flatten()))
        }
        None => Ok(period),
    }
}

/// A number with an optional fraction: its value, and whether it has one.
fn amount(cursor: &mut Cursor<'_>) -> Option<(f64, bool)> {
    let from = cursor.at;
    while cursor.digits(9).0 > 0 {}
    if cursor.at == from {
        return None;
    }
    let point = cursor.at;
    let has_fraction = cursor.eat(b'.') || cursor.eat(b',');
    if has_fraction {
        let digits = cursor.at;
        while cursor.digits(9).0 > 0 {}
        if cursor.at == digits {
            return None;
        }
    }
    let whole: f64 = cursor.text.get(from..point)?.parse().ok()?;
    let part: f64 = match cursor.text.get(point + 1..cursor.at).filter(|_| has_fraction) {
        Some(digits) => format!("0.{digits}").parse().ok()?,
        None => 0.0,
    };
    Some((whole + part, has_fraction))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates, which is meant")]
const fn whole(amount: f64) -> u64 {
    amount as u64
}

/// A number of seconds as a period in whole units, if it is whole.
fn written(seconds: f64) -> Option<String> {
    if seconds.fract() != 0.0 || seconds > 1e15 {
        return None;
    }
    let seconds = whole(seconds);
    Some(match seconds {
        s if s % 86_400 == 0 => format!("P{}D", s / 86_400),
        s if s % 3600 == 0 => format!("PT{}H", s / 3600),
        s if s % 60 == 0 => format!("PT{}M", s / 60),
        s => format!("PT{s}S"),
    })
}

/// `P1H` as `PT1H`; only for hours and seconds, since `P1M` is a month.
fn with_t(text: &str) -> Option<String> {
    let rest = text.strip_prefix('P')?;
    if rest.contains('T') {
        return None;
    }
    let at = rest.rfind('D').map_or(0, |day| day + 1);
    let repaired = format!("P{}T{}", rest.get(..at)?, rest.get(at..)?);
    period(&repaired).is_ok().then_some(repaired)
}

/// A text that is nearly a period as one.
fn repaired(text: &str) -> Option<String> {
    if text.len() > 40 {
        return None;
    }
    let upper = text.to_ascii_uppercase();
    if upper != text && period(&upper).is_ok() {
        return Some(upper);
    }
    if upper.starts_with('P') {
        return None;
    }
    [format!("PT{upper}"), format!("P{upper}")].into_iter().find(|guess| period(guess).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bad_start(text: &str) -> (&str, StartTrouble) {
        let problem = start(text).expect_err(text);
        (&text[problem.range], problem.kind)
    }

    fn bad_period(text: &str) -> PeriodTrouble {
        period(text).expect_err(text).kind
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
            assert_eq!(start(text), Ok(Start { offset: Offset::Utc }), "{text}");
        }
        assert_eq!(start("2014-10-10T18:32:00"), Ok(Start { offset: Offset::None }));
        assert_eq!(start("2014-10-10T18:32:00+02:00"), Ok(Start { offset: Offset::Minutes(120, 19..25) }));
        assert_eq!(start("2014-10-10T18:32-0330"), Ok(Start { offset: Offset::Minutes(-210, 16..21) }));
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

    #[test]
    fn periods_are_amounts() {
        let seconds = |text| period(text).expect(text).seconds;
        assert_eq!(seconds("PT60M"), 3600.0);
        assert_eq!(seconds("P1W2DT3H4M5.5S"), 788_645.5);
        assert_eq!(seconds("PT59,9S"), 59.9);
        assert!(period("P").is_ok_and(|p| p.is_zero()) && period("PT0S").is_ok_and(|p| p.is_zero()));
        assert_eq!(period("P1Y2M"), Ok(Period { years: 1, months: 2, seconds: 0.0 }));
        assert_eq!(bad_period(&format!("P{}D", "9".repeat(400))), PeriodTrouble::TooLong);
    }

    #[test]
    fn problems_of_periods_come_with_repairs() {
        let meant = |text: &str| Some(text.to_owned());
        assert_eq!(bad_period("pt60m"), PeriodTrouble::Malformed(meant("PT60M")));
        assert_eq!(bad_period("60M"), PeriodTrouble::Malformed(meant("PT60M")));
        assert_eq!(bad_period("1d"), PeriodTrouble::Malformed(meant("P1D")));
        assert_eq!(bad_period("60"), PeriodTrouble::Malformed(None));
        assert_eq!(bad_period("P1DD"), PeriodTrouble::Malformed(None));
        assert_eq!(bad_period("PT1M1H"), PeriodTrouble::Malformed(None));
        assert_eq!(bad_period("P1H"), PeriodTrouble::NoT("PT1H".to_owned()));
        assert_eq!(bad_period("P1D12H"), PeriodTrouble::NoT("P1DT12H".to_owned()));
        assert_eq!(bad_period("-PT1H"), PeriodTrouble::Signed);
        assert_eq!(bad_period("PT0.5H"), PeriodTrouble::Fraction(meant("PT30M")));
        assert_eq!(bad_period("P0.5D"), PeriodTrouble::Fraction(meant("PT12H")));
        assert_eq!(bad_period("P0.5M"), PeriodTrouble::Fraction(None));
        assert_eq!(bad_period("P0003-06-04T12:30:05"), PeriodTrouble::DateTime);
        assert_eq!(bad_period("PT1H\n"), PeriodTrouble::Malformed(None));
    }

    #[test]
    fn counts_of_runs() {
        assert_eq!(repeat("R"), Ok(None));
        assert_eq!(repeat("R12"), Ok(Some(12)));
        assert_eq!(repeat(&format!("R{}", "9".repeat(99))), Ok(Some(u64::MAX)));
        for text in ["", "r", "R-1", "Q", "R1x", "12"] {
            assert_eq!(repeat(text), Err(()), "{text}");
        }
    }
}
