//! When a Chronos job runs: cron expressions, ISO 8601 repeating intervals, time zones, and the
//! date strings of its command.
//!
//! Two programs read a schedule and do not agree: paasta-tools 0.66.6 checks it
//! (python-crontab 2.1.1, isodate 0.5.1, croniter 0.3.14 for alerts), Chronos runs it
//! (cron-utils 5.0.1, Joda time). Here is what both accept, and of everything else which of
//! them refuses it and where in the text. All of it is pure; ranges are bytes of the value.

pub mod cron;
pub mod croniter;
pub mod iso8601;
pub mod runs;
pub mod tron;
pub mod zone;

use std::ops::Range;

/// Which of the two forms of a schedule its author meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Five fields, a nickname, or an attempt at them.
    Cron,
    /// `R[n]/start/period`, or an attempt at it.
    Repeating,
    /// Neither of them.
    Neither,
}

/// Longest text, in bytes, that is read as a schedule or a period; what is longer is none, and a
/// small file can name a long text thousands of times.
const LONGEST: usize = 1000;

/// Which form `schedule` is meant to have.
pub fn form(schedule: &str) -> Form {
    if schedule.len() > LONGEST {
        return Form::Neither;
    }
    let text = schedule.trim();
    if text.is_empty() || text.starts_with('@') || cron::nickname(text).is_some() {
        return Form::Cron;
    }
    let counts = text.strip_prefix(['R', 'r']).is_some_and(|rest| {
        rest.split('/')
            .next()
            .is_some_and(|count| count.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit()))
    });
    let lasts = text.split('/').any(is_like_period);
    if counts || lasts {
        return Form::Repeating;
    }
    let words = || text.split_ascii_whitespace();
    // `5pm` is no field: letters stand alone, or after a digit only as Quartz has them (`15W`).
    let is_like_field = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_digit() || "*?<>".contains(c))
            && word.bytes().all(|b| !b.is_ascii_alphabetic() || b"LWH".contains(&b))
    };
    let allowed = |word: &str| word.bytes().all(|b| b.is_ascii_alphanumeric() || b"*?<>#,-/()@".contains(&b));
    if words().any(is_like_field) && words().all(allowed) { Form::Cron } else { Form::Neither }
}

/// `P` and a digit or `T`, in any case and with a sign: what an ISO 8601 period begins with.
fn is_like_period(part: &str) -> bool {
    let part = part.trim_start_matches(['+', '-']);
    part.strip_prefix(['P', 'p']).is_some_and(|rest| {
        rest.is_empty()
            || rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, 'T' | 't' | '.' | '-'))
    })
}

/// The range of `part` in `whole`, of which it is a slice.
fn range_in(whole: &str, part: &str) -> Range<usize> {
    let start = (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize);
    start..start + part.len()
}

#[cfg(test)]
mod tests {
    use super::{Form, form};

    #[test]
    fn forms_are_told_apart() {
        for text in [
            "0 0 * * *",
            "",
            "@daily",
            "daily",
            "*/5",
            "5",
            "0 0 L * ?",
            "0 0 * *",
            "H H * * *",
            "0 0 * jan mon-fri",
        ] {
            assert_eq!(form(text), Form::Cron, "{text}");
        }
        for text in [
            "R/2014-10-10T18:32:00Z/PT60M",
            "R//PT1H",
            "r5/x/pt1h",
            "2014-10-10T18:32:00Z/PT1H",
            "PT1H",
            "R-1/x/y",
            "R/yesterday/60",
        ] {
            assert_eq!(form(text), Form::Repeating, "{text}");
        }
        for text in ["every day at noon", "nightly", "x//y", "2014-10-10T18:32:00Z", "at 5pm"] {
            assert_eq!(form(text), Form::Neither, "{text}");
        }
    }
}
