//! The time of a check.

use clap::Args;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// The time, for rules that need one.
#[derive(Debug, Args)]
pub struct ClockArgs {
    /// Also report schedules whose runs are all past at this time, in UTC, like 2017-07-26T10:15:30,
    /// and end the ignores whose day is over by then [default: those that are over today]
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = "Rules")]
    pub now: Option<DateTime>,
}

impl ClockArgs {
    /// The moment; a date at the edge of the calendar is none.
    pub(super) fn timestamp(&self) -> Option<Timestamp> {
        self.now.and_then(|now| Offset::UTC.to_timestamp(now).ok())
    }
}

/// A time of the command line.
pub(super) fn time(text: &str) -> Result<DateTime, &'static str> {
    text.parse().map_err(|_| "write a time like 2017-07-26T10:15:30")
}
