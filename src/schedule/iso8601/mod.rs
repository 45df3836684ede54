//! ISO 8601 as a schedule has it: `R[n]/start/period`.
//!
//! paasta-tools 0.66.6 reads with isodate 0.5.1, whose patterns match a prefix only; Chronos reads
//! with Joda time, which takes the whole text but knows the extended format only. What is read
//! here without a problem, both read alike.

mod cursor;
mod period;
mod start;

pub use period::{Period, PeriodProblem, PeriodTrouble, period};
pub use start::{Offset, Start, StartProblem, StartTrouble, extended, start};

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

/// How often a job runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runs {
    /// Without an end.
    Forever,
    /// So many times.
    Times(u64),
}

/// How often a job runs; `None` where the text is not `R` with an optional number.
pub fn repeat(text: &str) -> Option<Runs> {
    let digits = text.strip_prefix('R')?;
    if digits.is_empty() {
        return Some(Runs::Forever);
    }
    let is_number = digits.bytes().all(|b| b.is_ascii_digit());
    // More runs than fit are as good as for ever.
    is_number.then(|| Runs::Times(digits.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_runs() {
        assert_eq!(repeat("R"), Some(Runs::Forever));
        assert_eq!(repeat("R12"), Some(Runs::Times(12)));
        assert_eq!(repeat(&format!("R{}", "9".repeat(99))), Some(Runs::Times(u64::MAX)));
        for text in ["", "r", "R-1", "Q", "R1x", "12"] {
            assert_eq!(repeat(text), None, "{text}");
        }
    }
}
