//! Options of `check` that stand beside the configuration file.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;

/// What a run is told beyond the configuration file.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub struct SettingsArgs {
    /// Also run the rules that are not settled yet
    #[arg(long, help_heading = "Rules")]
    pub preview: bool,
    /// Report findings even where a comment ignores them
    #[arg(long, help_heading = "Ignores and baseline")]
    pub no_ignores: bool,
    /// Write a comment that ignores it to each finding, and report what cannot be ignored
    #[arg(
        long,
        help_heading = "Ignores and baseline",
        value_name = "REASON",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        conflicts_with_all = ["fix", "diff", "no_ignores", "against", "staged", "pre_commit"]
    )]
    pub add_ignore: Option<String>,
    /// Do not report what this file records [default: the file that .soalint.yaml names]
    #[arg(long, value_name = "FILE", help_heading = "Ignores and baseline")]
    pub baseline: Option<PathBuf>,
    /// End with exit status 0 whatever is found
    #[arg(long, conflicts_with = "fail_on", help_heading = "Rules")]
    pub exit_zero: bool,
    /// Print every setting with its origin, and check nothing
    #[arg(long, help_heading = "Report")]
    pub show_config: bool,
    /// List the files that would be checked, and check nothing
    #[arg(long, help_heading = "Report")]
    pub list_files: bool,
}

/// The day of the run, in UTC: that of `now`, else of the clock.
pub(super) fn today(now: Option<Timestamp>) -> Date {
    jiff::tz::Offset::UTC.to_datetime(now.unwrap_or_else(Timestamp::now)).date()
}
