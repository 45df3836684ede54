//! Runs at times that the clock shows.

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, Zoned};

use super::{Change, Coming, MOST_SKIPPED, Run};
use crate::schedule::cron::Cron;

/// Days to look through. 29 February comes at worst after 8 years: five of them fit.
const HORIZON: u32 = 41 * 366;

impl Cron {
    /// Whether the job runs on that day. Where both day fields are restricted, either suffices
    /// (crontab(5), cron-utils 5.0.1); restricted is everything but a bare `*`.
    pub fn fits_day(&self, date: Date) -> bool {
        let day = self.has(2, date.day());
        let weekday = self.has(4, date.weekday().to_sunday_zero_offset());
        let [.., any_day, _, any_weekday] = self.any;
        let fits = match (any_day, any_weekday) {
            (true, true) => true,
            (true, false) => weekday,
            (false, true) => day,
            (false, false) => day || weekday,
        };
        self.has(3, date.month()) && fits
    }

    /// Whether the value belongs to the field of that number.
    pub fn has(&self, field: usize, value: i8) -> bool {
        self.values
            .get(field)
            .is_some_and(|values| u32::try_from(value).is_ok_and(|v| (values >> v) & 1 == 1))
    }

    /// The times of a day, in order.
    fn times_of(&self, date: Date) -> impl Iterator<Item = DateTime> {
        let hours = (0..24).filter(|hour| self.has(1, *hour));
        let times = hours.flat_map(|hour| (0..60).map(move |minute| (hour, minute)));
        times
            .filter(|(_, minute)| self.has(0, *minute))
            .map(move |(hour, minute)| date.at(hour, minute, 0, 0))
    }
}

/// A stretch of clock time that a change of the clocks skips or repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Its first moment by the clock.
    pub from: DateTime,
    /// Its end.
    pub to: DateTime,
    /// Whether the clock does not show it; else it shows it twice.
    pub is_skipped: bool,
}

impl Shift {
    /// The changes of a zone's clock in the year, in order.
    pub fn of_year(zone: &TimeZone, year: i16) -> Vec<Self> {
        let first =
            |year: i16| Date::new(year, 1, 1).and_then(|day| TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)));
        let (Ok(start), Ok(end)) = (first(year), first(year.saturating_add(1))) else { return Vec::new() };
        let changes = zone.following(start).take_while(|change| change.timestamp() < end);
        let shift = |at: Timestamp, after: jiff::tz::Offset| {
            let before = zone.to_offset(Timestamp::new(at.as_second() - 1, 0).ok()?);
            let (old, new) = (before.to_datetime(at), after.to_datetime(at));
            let (from, to) = if old < new { (old, new) } else { (new, old) };
            (old != new).then_some(Shift { from, to, is_skipped: old < new })
        };
        changes.filter_map(|change| shift(change.timestamp(), change.offset())).collect()
    }

    /// Whether the clock time lies in it.
    pub fn contains(&self, time: DateTime) -> bool {
        (self.from..self.to).contains(&time)
    }
}

/// Up to `count` runs after `after`.
pub(super) fn after(cron: &Cron, zone: &TimeZone, after: Timestamp, count: usize) -> Coming {
    let mut found = Coming::default();
    if !cron.fires() || count == 0 {
        return found;
    }
    let now = after.to_zoned(zone.clone());
    // A clock that is set back over midnight shows the day before once more.
    let Ok(mut date) = now.date().yesterday() else { return found };
    let mut last_day = false;
    for _ in 0..HORIZON {
        if cron.fits_day(date) {
            day(cron, zone, date, after, &mut found);
        }
        if last_day {
            break;
        }
        last_day = found.runs.len() >= count;
        let Ok(next) = date.tomorrow() else { break };
        date = next;
    }
    found.runs.sort_by_key(|run| run.time.timestamp());
    found.runs.truncate(count);
    let end = found.runs.last().map(|run| run.time.timestamp());
    found.skipped.retain(|time| {
        let moment = zone.to_ambiguous_zoned(*time).compatible();
        moment.is_ok_and(|moment| end.is_some_and(|end| moment.timestamp() <= end))
    });
    found.skipped.truncate(MOST_SKIPPED);
    found
}

/// Adds the runs of one day. In an hour that comes twice they are not in order.
fn day(cron: &Cron, zone: &TimeZone, date: Date, after: Timestamp, found: &mut Coming) {
    let mut add = |moment: Result<Zoned, jiff::Error>, change| {
        if let Some(time) = moment.ok().filter(|time| time.timestamp() > after) {
            found.runs.push(Run { time, change });
        }
    };
    for time in cron.times_of(date) {
        let moment = zone.to_ambiguous_zoned(time);
        match moment.offset() {
            AmbiguousOffset::Unambiguous { .. } => add(moment.compatible(), None),
            AmbiguousOffset::Fold { .. } => {
                add(moment.clone().earlier(), Some(Change::First));
                add(moment.later(), Some(Change::Second));
            }
            AmbiguousOffset::Gap { .. } => {
                if moment.compatible().is_ok_and(|moment| moment.timestamp() > after) {
                    found.skipped.push(time);
                }
            }
        }
    }
}
