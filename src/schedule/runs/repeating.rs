//! Runs of a repeating interval.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Span, Timestamp};

use super::{Change, Coming, Run};
use crate::schedule::iso8601::Period;

/// More runs than fit between the years 1 and 9999, a second apart: where the search for the next
/// one starts.
const MOST: u64 = 1 << 39;

/// A start, and what lies between a run and the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Repeating {
    /// The first run, by the clock of the zone.
    pub start: DateTime,
    /// The time between two runs.
    pub period: Period,
    /// How many runs there are; the greatest number is for ever.
    pub runs: u64,
}

impl Repeating {
    /// The last run, of finitely many; `None` also where that is beyond the year 9999.
    pub fn last(&self, zone: &TimeZone) -> Option<Run> {
        if self.runs == u64::MAX {
            return None;
        }
        self.run(zone, self.runs.checked_sub(1)?)
    }

    /// Up to `count` runs after `after`. Runs come in order, so the first of them is found by halving.
    pub(super) fn after(&self, zone: &TimeZone, after: Timestamp, count: usize) -> Coming {
        let is_past = |number: u64| self.run(zone, number).is_some_and(|run| run.time.timestamp() <= after);
        let (mut low, mut high) = (0, MOST.min(self.runs));
        while low < high {
            let middle = low.midpoint(high);
            if is_past(middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let end = self.runs.min(low.saturating_add(count as u64));
        Coming { runs: (low..end).map_while(|number| self.run(zone, number)).collect(), skipped: Vec::new() }
    }

    /// The run of that number, from 0; `None` beyond the calendar.
    fn run(&self, zone: &TimeZone, number: u64) -> Option<Run> {
        let times = |amount: u64| i64::try_from(amount.checked_mul(number)?).ok();
        let months = self.period.years.checked_mul(12)?.checked_add(self.period.months)?;
        let (months, days) = (times(months)?, times(self.period.days)?);
        // The calendar ends long before these numbers do.
        let calendar = Span::new().try_months(months).ok()?.try_days(days).ok()?;
        let wanted = self.start.checked_add(calendar).ok()?;
        let moment = zone.to_ambiguous_zoned(wanted);
        let offset = moment.offset();
        let moment = moment.compatible().ok()?;
        let exact = self.exact(number)?;
        let time = if exact.is_zero() { moment } else { moment.checked_add(exact).ok()? };
        let change = match offset {
            AmbiguousOffset::Gap { .. } if exact.is_zero() => Some(Change::Moved(wanted)),
            _ => None,
        };
        Some(Run { time, change })
    }

    /// Hours, minutes and seconds between the start and the run of that number.
    #[expect(clippy::cast_precision_loss, reason = "days of a period are at most 2^31")]
    fn exact(&self, number: u64) -> Option<SignedDuration> {
        /// Joda time counts in milliseconds.
        const SECOND: f64 = 1000.0;
        let milliseconds = ((self.period.seconds - self.period.days as f64 * 86_400.0) * SECOND).round();
        #[expect(clippy::cast_possible_truncation, reason = "at most 2^31 hours, thus below 2^53")]
        let milliseconds = i128::from(milliseconds as i64).checked_mul(i128::from(number))?;
        SignedDuration::try_from_millis_i128(milliseconds)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Change, Timetable};
    use super::*;

    fn next(schedule: &str, zone: &str, now: &str, count: usize) -> Vec<(String, Option<Change>)> {
        let table = Timetable::of(schedule, Some(zone)).expect(schedule);
        let now: Timestamp = now.parse().expect(now);
        let shown = |run: Run| (run.time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(), run.change);
        table.after(now, count).runs.into_iter().map(shown).collect()
    }

    #[test]
    fn runs_are_counted_from_the_start() {
        let times = |schedule, now, count| -> Vec<String> {
            next(schedule, "UTC", now, count).into_iter().map(|(time, _)| time).collect()
        };
        assert_eq!(
            times("R/2017-01-31T03:00:00Z/P1M", "2017-01-01T00:00:00Z", 4),
            [
                "2017-01-31T03:00:00+00:00",
                "2017-02-28T03:00:00+00:00",
                "2017-03-31T03:00:00+00:00",
                "2017-04-30T03:00:00+00:00"
            ]
        );
        // Three runs in all, of which two are past.
        assert_eq!(
            times("R3/2017-01-01T00:00:00Z/PT1H", "2017-01-01T01:00:00Z", 5),
            ["2017-01-01T02:00:00+00:00"]
        );
        assert!(times("R3/2017-01-01T00:00:00Z/PT1H", "2017-01-01T02:00:00Z", 5).is_empty());
        assert_eq!(
            times("R1000000000000/0001-01-01T00:00:00Z/PT1S", "2017-01-01T00:00:00Z", 1),
            ["2017-01-01T00:00:01+00:00"]
        );
        assert!(times("R/2017-01-01T00:00:00Z/P2147483647D", "2018-01-01T00:00:00Z", 5).is_empty());
    }

    #[test]
    fn days_follow_the_clock_and_hours_do_not() {
        let los_angeles = |schedule| next(schedule, "America/Los_Angeles", "2017-03-11T20:00:00Z", 2);
        let moved = "2017-03-12T02:30:00".parse().map(Change::Moved).ok();
        assert_eq!(
            los_angeles("R/2017-01-01T02:30:00/P1D"),
            [("2017-03-12T03:30:00-07:00".to_owned(), moved), ("2017-03-13T02:30:00-07:00".to_owned(), None)]
        );
        assert_eq!(
            los_angeles("R/2017-01-01T02:30:00/PT24H"),
            [("2017-03-12T03:30:00-07:00".to_owned(), None), ("2017-03-13T03:30:00-07:00".to_owned(), None)]
        );
    }
}
