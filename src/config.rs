//! What a run is told: the file `.soalint.yaml` at the root of the tree, and the command line.
//!
//! The file is untrusted, too: it can choose levels and name facts, but run nothing, and read nothing
//! outside the tree.

mod baseline_file;
mod ignores;
mod levels;
mod options;
mod per_path;
mod read;
mod settings;
mod site;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::dialect::DialectName;

pub use baseline_file::BaselineFile;
pub use ignores::{Ignores, TicketPattern};
pub use levels::{LevelName, RuleSettings};
pub use options::{EnvSecretSuspect, Options, VolumeDangerous};
pub use per_path::PerPath;
pub use read::{Read, read};
pub use settings::{ALL, Chosen, Selection, Settings};
pub use site::{Location, LocationMapping, MountMode, Site, SystemVolume};

/// Name of the configuration file, at the root of the tree.
pub const FILE_NAME: &str = ".soalint.yaml";

/// Configuration of soalint for one tree of soa-configs: `.soalint.yaml` at its root.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ConfigFile {
    /// Which side counts where documentation and paasta-tools 0.66.6 disagree.
    pub dialect: Option<DialectName>,
    /// How much is reported: `default`, or `strict` for what only some maintainers would change, too.
    pub profile: Profile,
    /// Whether rules that are not settled yet run, too.
    pub preview: bool,
    /// Levels of single rules, and their options.
    pub rules: RuleSettings,
    /// Other levels in some directories or files: patterns of paths relative to the root of the tree
    /// (`legacy-*`, `web/marathon-*.yaml`), the last that matches wins.
    pub per_path: PerPath,
    /// What a comment that ignores a finding must say.
    pub ignores: Ignores,
    /// File of findings that were there before, which are not reported; relative to the root of the
    /// tree, and in it. `soalint baseline write` makes it.
    pub baseline: Option<BaselineFile>,
    /// SmartStack ports.
    pub ports: Ports,
    /// Facts about the site; a rule that needs one is silent without it.
    pub site: Site,
}

/// How much is reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// What nearly every maintainer would change.
    #[default]
    Default,
    /// Also what a careful site wants changed: each rule says which level it has then.
    Strict,
}

impl Profile {
    /// The word in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Profile::Default => "default",
            Profile::Strict => "strict",
        }
    }
}

/// Where SmartStack's listeners may be.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[schemars(title = "ports")]
pub struct Ports {
    /// First and last port to pick `proxy_port` from.
    pub range: (u16, u16),
    /// Ports that something else on every host uses.
    pub reserved: Vec<u16>,
}

impl Default for Ports {
    /// The documentation's range; 3212 and 6666 are synapse's own (HAProxy status, qdisc) by
    /// default (payload-specs/smartstack).
    fn default() -> Self {
        Self { range: (20_000, 21_000), reserved: vec![3212, 6666] }
    }
}
