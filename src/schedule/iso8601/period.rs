//! The time between two runs: years, months, weeks, days, hours, minutes, seconds.

use std::ops::Range;

use super::cursor::Cursor;
use super::start::start;
use crate::schedule::LONGEST;

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
    /// The days and weeks of these, in days: by the clock, not always of 24 hours.
    pub days: u64,
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
    if text.len() > LONGEST {
        return fail(0..text.len(), PeriodTrouble::Malformed(None));
    }
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
            (false, b'W') => period.days += 7 * whole(amount),
            (false, _) => period.days += whole(amount),
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

    fn bad_period(text: &str) -> PeriodTrouble {
        period(text).expect_err(text).kind
    }

    #[test]
    fn periods_are_amounts() {
        let lasts = |text, seconds: f64| {
            assert!((period(text).expect(text).seconds - seconds).abs() < 1e-6, "{text}");
        };
        lasts("PT60M", 3600.0);
        lasts("P1W2DT3H4M5.5S", 788_645.5);
        lasts("PT59,9S", 59.9);
        assert!(period("P").is_ok_and(|p| p.is_zero()) && period("PT0S").is_ok_and(|p| p.is_zero()));
        assert_eq!(period("P1Y2M"), Ok(Period { years: 1, months: 2, ..Period::default() }));
        assert_eq!(period("P1W2DT1H").map(|p| p.days), Ok(9));
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
}
