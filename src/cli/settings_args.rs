//! Options of `check` that stand beside the configuration file.

use clap::Args;

/// What a run is told beyond the configuration file.
#[derive(Debug, Args)]
pub struct SettingsArgs {
    /// Also run the rules that are not settled yet
    #[arg(long)]
    pub preview: bool,
}
