//! Dates and times as PyYAML reads them and as Python's `isoformat` writes them.

use super::scalar::Scalar;

/// A date, maybe with a time of day, maybe with an offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Timestamp {
    year: u32,
    month: u32,
    day: u32,
    time: Option<Time>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Time {
    hour: u32,
    minute: u32,
    second: u32,
    microsecond: u32,
    /// Minutes east of UTC.
    offset: Option<i32>,
}

/// Implicit type of a text that starts like a date.
pub(super) fn resolve(text: &[u8]) -> Scalar {
    match scan(text) {
        Some(Timestamp { time: Some(_), .. }) => Scalar::DateTime,
        // A date alone needs two digits everywhere; only the constructor would take fewer.
        Some(_) if text.len() == 10 => Scalar::Date,
        _ => Scalar::Str,
    }
}

/// Whether a time names a zone.
pub(super) fn has_offset(text: &str) -> bool {
    scan(text.as_bytes()).and_then(|stamp| stamp.time).is_some_and(|time| time.offset.is_some())
}

/// Reads a date or time; `Err` has Python's words for what is out of range, `None` no such text.
pub(super) fn parse(text: &str) -> Option<Result<Timestamp, String>> {
    let stamp = scan(text.as_bytes())?;
    Some(stamp.check().map(|()| stamp))
}

/// A reader of fixed patterns.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take(&mut self, accepted: &[u8]) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        accepted.contains(&first).then(|| self.0 = rest)?;
        Some(first)
    }

    /// At least `least`, at most `most` digits.
    fn digits(&mut self, least: usize, most: usize) -> Option<u32> {
        let count = self.0.iter().take(most).take_while(|b| b.is_ascii_digit()).count();
        if count < least {
            return None;
        }
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        Some(digits.iter().fold(0, |number, b| number * 10 + u32::from(b - b'0')))
    }

    fn blanks(&mut self) -> bool {
        let before = self.0.len();
        while self.take(b" \t").is_some() {}
        self.0.len() < before
    }
}

fn scan(text: &[u8]) -> Option<Timestamp> {
    let mut reader = Reader(text);
    let year = reader.digits(4, 4)?;
    reader.take(b"-")?;
    let month = reader.digits(1, 2)?;
    reader.take(b"-")?;
    let day = reader.digits(1, 2)?;
    if reader.0.is_empty() {
        return Some(Timestamp { year, month, day, time: None });
    }
    if reader.take(b"Tt").is_none() && !reader.blanks() {
        return None;
    }
    let hour = reader.digits(1, 2)?;
    reader.take(b":")?;
    let minute = reader.digits(2, 2)?;
    reader.take(b":")?;
    let second = reader.digits(2, 2)?;
    let microsecond = if reader.take(b".").is_some() { scan_fraction(&mut reader) } else { 0 };
    let offset = scan_offset(&mut reader)?;
    let time = Some(Time { hour, minute, second, microsecond, offset });
    reader.0.is_empty().then_some(Timestamp { year, month, day, time })
}

/// Any number of digits, of which six count.
fn scan_fraction(reader: &mut Reader<'_>) -> u32 {
    let before = reader.0.len();
    let number = reader.digits(0, 6).unwrap_or(0);
    let mut scaled = number;
    for _ in before - reader.0.len()..6 {
        scaled *= 10;
    }
    while reader.digits(1, 1).is_some() {}
    scaled
}

#[expect(clippy::option_option, reason = "the outer one is a failed scan, the inner one an absent zone")]
fn scan_offset(reader: &mut Reader<'_>) -> Option<Option<i32>> {
    if reader.0.is_empty() {
        return Some(None);
    }
    reader.blanks();
    if reader.take(b"Z").is_some() {
        return Some(Some(0));
    }
    let sign = if reader.take(b"+-")? == b'-' { -1 } else { 1 };
    let hours = reader.digits(1, 2)?;
    let minutes = if reader.take(b":").is_some() { reader.digits(2, 2)? } else { 0 };
    Some(Some(sign * i32::try_from(hours * 60 + minutes).unwrap_or(0)))
}

const DAY_MINUTES: i32 = 24 * 60;

impl Timestamp {
    /// What Python's `datetime` refuses, in its words and in its order.
    fn check(&self) -> Result<(), String> {
        if let Some(Time { offset: Some(minutes), .. }) = self.time
            && minutes.abs() >= DAY_MINUTES
        {
            return Err(format!(
                "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not {}",
                timedelta(minutes)
            ));
        }
        let problem = match self {
            Self { year: 0, .. } => "year 0 is out of range",
            Self { month, .. } if !(1..=12).contains(month) => "month must be in 1..12",
            Self { day, .. } if !(1..=self.days_in_month()).contains(day) => "day is out of range for month",
            Self { time: Some(Time { hour: 24.., .. }), .. } => "hour must be in 0..23",
            Self { time: Some(Time { minute: 60.., .. }), .. } => "minute must be in 0..59",
            Self { time: Some(Time { second: 60.., .. }), .. } => "second must be in 0..59",
            _ => return Ok(()),
        };
        Err(problem.to_owned())
    }

    fn days_in_month(&self) -> u32 {
        let leap =
            self.year.is_multiple_of(4) && (!self.year.is_multiple_of(100) || self.year.is_multiple_of(400));
        match self.month {
            2 => 28 + u32::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    pub(super) const fn has_time(&self) -> bool {
        self.time.is_some()
    }

    /// ISO 8601 as Python's `isoformat` gives it.
    pub(super) fn isoformat(&self) -> String {
        use std::fmt::Write as _;
        let mut out = format!("{:04}-{:02}-{:02}", self.year, self.month, self.day);
        let Some(time) = self.time else { return out };
        // Writing to a string cannot fail.
        let _ = write!(out, "T{:02}:{:02}:{:02}", time.hour, time.minute, time.second);
        if time.microsecond > 0 {
            let _ = write!(out, ".{:06}", time.microsecond);
        }
        if let Some(minutes) = time.offset {
            let sign = if minutes < 0 { '-' } else { '+' };
            let _ = write!(out, "{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60);
        }
        out
    }

    /// Python's equality: dates by day, times by instant, with and without a zone never equal.
    /// Gives a class of comparable values and a number within it.
    pub(super) fn instant(&self) -> (u8, i64) {
        let days = self.days_since_epoch();
        let Some(time) = self.time else { return (0, days) };
        let minutes = (days * 24 + i64::from(time.hour)) * 60 + i64::from(time.minute);
        let seconds = (minutes - i64::from(time.offset.unwrap_or(0))) * 60 + i64::from(time.second);
        (1 + u8::from(time.offset.is_some()), seconds * 1_000_000 + i64::from(time.microsecond))
    }

    /// Days since 0000-03-01 of the Gregorian calendar; years start in March so that leap days come last.
    fn days_since_epoch(&self) -> i64 {
        let (year, month) = (i64::from(self.year), i64::from(self.month));
        let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
        let month_days = (153 * month + 2) / 5;
        year * 365 + year.div_euclid(4) - year.div_euclid(100)
            + year.div_euclid(400)
            + month_days
            + i64::from(self.day)
    }
}

/// Python's `repr` of a `timedelta` of that many minutes.
fn timedelta(minutes: i32) -> String {
    let (days, rest) = (minutes.div_euclid(DAY_MINUTES), minutes.rem_euclid(DAY_MINUTES));
    match rest {
        0 => format!("datetime.timedelta(days={days})"),
        _ => format!("datetime.timedelta(days={days}, seconds={})", rest * 60),
    }
}
