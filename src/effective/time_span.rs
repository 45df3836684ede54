//! Time spans as Sensu's library reads them (`pysensu_yelp.human_to_seconds`).

use num_bigint::BigInt;

/// Most digits of a number: Python makes no integer of more.
const MOST_DIGITS: usize = 4300;

/// The numbers of a time span, each with its unit and how many seconds that is; a month is 30 days. Empty
/// for empty text, `None` for what the library cannot read.
pub(crate) fn time_span(mut text: &str) -> Option<TimeSpan<'_>> {
    let mut parts = Vec::new();
    while !text.is_empty() {
        let end = text.find(|c: char| !c.is_ascii_digit()).filter(|end| (1..=MOST_DIGITS).contains(end))?;
        let (digits, rest) = text.split_at_checked(end)?;
        let unit = rest.chars().next()?;
        seconds(unit)?;
        parts.push((digits, unit));
        text = rest.get(unit.len_utf8()..)?;
    }
    Some(TimeSpan { parts })
}

/// A well-formed time span.
pub(crate) struct TimeSpan<'t> {
    /// Digits and unit.
    parts: Vec<(&'t str, char)>,
}

impl TimeSpan<'_> {
    /// Whether nothing is written.
    pub(crate) const fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Whether a part of it is in that unit.
    pub(crate) fn has(&self, unit: char) -> bool {
        self.parts.iter().any(|(_, own)| *own == unit)
    }

    /// Its length; 0 where nothing is written.
    pub(crate) fn seconds(&self) -> BigInt {
        let of = |(digits, unit): &(&str, char)| Some(digits.parse::<BigInt>().ok()? * seconds(*unit)?);
        self.parts.iter().filter_map(of).sum()
    }
}

const fn seconds(unit: char) -> Option<i64> {
    Some(match unit {
        'Y' => 365 * 86_400,
        'M' => 30 * 86_400,
        'W' => 7 * 86_400,
        'D' => 86_400,
        'h' => 3600,
        'm' => 60,
        's' => 1,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_the_library_reads_them() {
        for (text, expected) in [
            ("10m", Some("600")),
            ("10M", Some("25920000")),
            ("1h30m", Some("5400")),
            ("1D", Some("86400")),
            ("0s", Some("0")),
            ("", Some("0")),
            ("1M1W3D4h2s", Some("3470402")),
            ("99999999999999999999s", Some("99999999999999999999")),
            ("99999999999999999999m1s", Some("5999999999999999999941")),
            ("1h 30m", None),
            ("1d", None),
            ("0", None),
            ("30", None),
            ("10min", None),
            ("1.5h", None),
            ("-1m", None),
            ("2H", None),
            ("10 m", None),
            ("10µ", None),
            ("m", None),
        ] {
            let read = time_span(text).map(|span| span.seconds().to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        }
        assert!(time_span(&format!("{}s", "9".repeat(4300))).is_some());
        assert!(time_span(&format!("{}s", "9".repeat(4301))).is_none());
    }
}
