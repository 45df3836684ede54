//! When the next runs of a schedule are.
//!
//! Cron runs a job whenever the clock of its zone shows one of the times: a time that the clock skips
//! in spring is no run, one that it shows twice in autumn is two. A repeating interval counts from
//! its start: months, weeks and days by the calendar of the zone, hours, minutes and seconds as they
//! pass; a time that the clock skips moves to after the gap. Chronos 2.5.0 with cron-utils 5.0.1 and
//! Joda time. Every search is bounded, whatever the schedule says.

mod clock;
mod repeating;

use jiff::civil::DateTime;
use jiff::{Timestamp, Zoned};

use super::cron::{self, Cron, Problem, Trouble};
use super::iso8601::{self, Parts, Runs};
use super::{Form, form, zone};

pub use clock::Shift;
pub use repeating::Repeating;

/// A schedule that can be worked out.
#[derive(Clone, Debug)]
pub struct Timetable {
    /// The zone whose clock counts.
    pub zone: jiff::tz::TimeZone,
    /// When it runs.
    pub times: Times,
}

/// Which of the two forms a schedule has.
#[derive(Clone, Debug)]
pub enum Times {
    /// At the times that the five fields name.
    Cron(Cron),
    /// From a start on, again and again.
    Repeating(Repeating),
}

/// Why nothing can be said of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unclear {
    /// The tz database has no such zone.
    Zone,
    /// It is neither five cron fields nor a repeating interval.
    Schedule,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// When it is, in the zone of the schedule.
    pub time: Zoned,
    /// What a change of the clocks does to it.
    pub change: Option<Change>,
}

/// What a change of the clocks does to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The clock shows this time twice: this is the first time.
    First,
    /// The clock shows this time twice: this is the second time.
    Second,
    /// The clock does not show the time that the schedule names, which is this.
    Moved(DateTime),
}

/// The runs after a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coming {
    /// The next ones, in order.
    pub runs: Vec<Run>,
    /// Times before the last of these that the clock does not show; at most [`MOST_SKIPPED`].
    pub skipped: Vec<DateTime>,
}

/// So many skipped times are listed.
pub const MOST_SKIPPED: usize = 3;

impl Timetable {
    /// The times of `schedule` in the zone of that name, or in UTC without one.
    ///
    /// # Errors
    /// The zone is unknown, or the schedule is none that Chronos understands.
    pub fn of(schedule: &str, zone_name: Option<&str>) -> Result<Self, Unclear> {
        let zone = match zone_name {
            Some(name) => zone::time_zone(name).ok_or(Unclear::Zone)?,
            None => jiff::tz::TimeZone::UTC,
        };
        let times = match form(schedule) {
            Form::Cron => cron::read(schedule).ok().map(|(cron, _)| Times::Cron(cron)),
            Form::Repeating => Repeating::of(schedule).map(Times::Repeating),
            Form::Neither => None,
        };
        Ok(Self { zone, times: times.ok_or(Unclear::Schedule)? })
    }

    /// Up to `count` runs after `after`.
    pub fn after(&self, after: Timestamp, count: usize) -> Coming {
        match &self.times {
            Times::Cron(cron) => clock::after(cron, &self.zone, after, count),
            Times::Repeating(times) => times.after(&self.zone, after, count),
        }
    }
}

impl Repeating {
    /// The times of a repeating interval that both PaaSTA and Chronos read.
    pub fn of(schedule: &str) -> Option<Self> {
        let parts = Parts::of(schedule)?;
        let runs = match iso8601::repeat(parts.repeat)? {
            Runs::Forever => u64::MAX,
            Runs::Times(count) => count,
        };
        let start = iso8601::start(parts.start).ok()?.time?;
        let period = iso8601::period(parts.period).ok()?;
        // Nothing of this takes place at the same moment for ever.
        (!period.is_zero()).then_some(Self { start, period, runs })
    }
}

/// Whether a schedule of five fields names dates that do not exist.
pub fn never_runs(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.kind == Trouble::Never)
}
