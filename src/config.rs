//! What a run is told: the file `.soalint.yaml` at the root of the tree, and the command line.
//!
//! The file is untrusted, too: it can choose levels and name facts, but run or read nothing.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};

use crate::dialect::DialectName;
use crate::rules::{self, Level, Rule};

/// Name of the configuration file, at the root of the tree.
pub const FILE_NAME: &str = ".soalint.yaml";

/// `.soalint.yaml`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ConfigFile {
    /// Which side counts where documentation and paasta-tools 0.66.6 disagree.
    pub dialect: Option<DialectName>,
    /// Level of single rules: `off`, `info`, `warning` or `error`.
    pub rules: BTreeMap<String, LevelName>,
    /// SmartStack ports.
    pub ports: Ports,
    /// Facts about the site; a rule that needs one is silent without it.
    pub site: Site,
}

/// A rule's level in the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum LevelName {
    /// Do not run the rule.
    Off,
    /// Advice.
    Info,
    /// Probably a mistake.
    Warning,
    /// A failure.
    Error,
}

impl<'de> Deserialize<'de> for LevelName {
    /// `off` is the boolean false in YAML 1.1: what it says is clear all the same.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words;

        impl Visitor<'_> for Words {
            type Value = LevelName;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("off, info, warning or error")
            }

            fn visit_bool<E: de::Error>(self, on: bool) -> Result<LevelName, E> {
                if on { Err(E::invalid_value(de::Unexpected::Bool(on), &self)) } else { Ok(LevelName::Off) }
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<LevelName, E> {
                match word {
                    "off" => Ok(LevelName::Off),
                    "info" => Ok(LevelName::Info),
                    "warning" => Ok(LevelName::Warning),
                    "error" => Ok(LevelName::Error),
                    _ => Err(E::unknown_variant(word, &["off", "info", "warning", "error"])),
                }
            }
        }

        deserializer.deserialize_any(Words)
    }
}

impl From<LevelName> for Level {
    fn from(name: LevelName) -> Self {
        match name {
            LevelName::Off => Level::Off,
            LevelName::Info => Level::Info,
            LevelName::Warning => Level::Warning,
            LevelName::Error => Level::Error,
        }
    }
}

/// Where SmartStack's listeners may be.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
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

/// Facts about the site that no file of the tree states.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Site {
    /// Names of the Mesos pools.
    pub pools: Option<Vec<String>>,
    /// Names of the teams that Sensu knows.
    pub teams: Option<Vec<String>>,
    /// Location types, from the widest to the narrowest (`ecosystem`, `superregion`, ...).
    pub location_types: Option<Vec<String>>,
}

/// A rule's level and who chose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The level.
    pub level: Level,
    /// Whether the user set it, rather than the rule's author.
    pub by_user: bool,
}

/// Which rules a run is restricted to; names of rules or groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Also these, at level info or above, though they are off by default.
    pub select: Vec<String>,
    /// Not these.
    pub ignore: Vec<String>,
    /// Nothing but these.
    pub only: Vec<String>,
}

/// The settings of one run, from the file and the command line.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Which side counts where documentation and code disagree.
    pub dialect: DialectName,
    /// Levels that the file sets.
    pub levels: BTreeMap<String, Level>,
    /// What the command line selects.
    pub selection: Selection,
    /// SmartStack ports.
    pub ports: Ports,
    /// Facts about the site.
    pub site: Site,
}

impl Settings {
    /// The settings that a configuration file asks for.
    pub fn from_file(file: ConfigFile) -> Self {
        Self {
            dialect: file.dialect.unwrap_or_default(),
            levels: file.rules.into_iter().map(|(name, level)| (name, level.into())).collect(),
            selection: Selection::default(),
            ports: file.ports,
            site: file.site,
        }
    }

    /// The level of `rule` in this run.
    pub fn level(&self, rule: &Rule) -> Level {
        self.chosen(rule).level
    }

    /// Whether the command line asks for what `rule` has to say, advice included.
    pub fn asks_for(&self, rule: &Rule) -> bool {
        names(&self.selection.select, rule) || names(&self.selection.only, rule)
    }

    /// The level of `rule` in this run, and whether the user chose it.
    pub fn chosen(&self, rule: &Rule) -> Chosen {
        let own = rule.level(self.dialect);
        // What makes the rest meaningless cannot be switched off (design.md section 10).
        if matches!(rule.check, rules::Check::Reader | rules::Check::Schema) && own == Level::Error {
            return Chosen { level: own, by_user: false };
        }
        if names(&self.selection.ignore, rule)
            || (!self.selection.only.is_empty() && !names(&self.selection.only, rule))
        {
            return Chosen { level: Level::Off, by_user: true };
        }
        if let Some(&level) = self.levels.get(rule.name) {
            return Chosen { level, by_user: true };
        }
        // Advice is off unless it is asked for by name or group.
        let asked = self.asks_for(rule);
        match own {
            Level::Info if !asked => Chosen { level: Level::Off, by_user: false },
            Level::Off if asked => Chosen { level: Level::Info, by_user: true },
            level => Chosen { level, by_user: false },
        }
    }
}

/// Whether a list names the rule or its group.
fn names(list: &[String], rule: &Rule) -> bool {
    list.iter().any(|name| name == rule.name || name == rule.group.name())
}
