//! The settings of one run, and the level that a rule has under them.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::baseline::Baseline;
use crate::dialect::DialectName;
use crate::rules::{Level, Rule, Status};

use super::{ConfigFile, Ignores, Options, PerPath, Ports, Profile, Site};

/// A rule's level and who chose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The level.
    pub level: Level,
    /// Whether the user set it, rather than the rule's author.
    pub by_user: bool,
}

impl Chosen {
    const fn by_author(level: Level) -> Self {
        Self { level, by_user: false }
    }

    const fn by_user(level: Level) -> Self {
        Self { level, by_user: true }
    }
}

/// The word for every rule, where names of rules or groups can stand.
pub const ALL: &str = "all";

/// Which rules a run is restricted to; names of rules or groups, or [`ALL`].
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
    /// How much is reported.
    pub profile: Profile,
    /// Whether rules that are not settled yet run, too.
    pub preview: bool,
    /// Levels that the file sets.
    pub levels: BTreeMap<String, Level>,
    /// Levels that the file sets for some paths.
    pub per_path: PerPath,
    /// Options of the rules that have any.
    pub options: Options,
    /// What a comment that ignores a finding must say.
    pub ignores: Ignores,
    /// Findings that were there before, which are not reported.
    pub baseline: Option<Arc<Baseline>>,
    /// Whether findings are reported although a comment ignores them.
    pub no_ignores: bool,
    /// The day of the run, in UTC: ignores that name a day end with it. Without, none ends.
    pub today: Option<Date>,
    /// What the command line selects.
    pub selection: Selection,
    /// SmartStack ports.
    pub ports: Ports,
    /// Facts about the site.
    pub site: Site,
    /// The time, where the command line gives it: a check has no clock.
    pub now: Option<jiff::Timestamp>,
}

impl Settings {
    /// The settings that a configuration file asks for.
    pub fn from_file(file: ConfigFile) -> Self {
        Self {
            dialect: file.dialect.unwrap_or_default(),
            profile: file.profile,
            preview: file.preview,
            levels: file.rules.levels.into_iter().map(|(name, level)| (name, level.into())).collect(),
            per_path: file.per_path,
            options: file.rules.options,
            ignores: file.ignores,
            baseline: None,
            no_ignores: false,
            today: None,
            selection: Selection::default(),
            ports: file.ports,
            site: file.site,
            now: None,
        }
    }

    /// Without everything that makes a report milder: what is compiled and deployed does not depend
    /// on what somebody wants to read.
    #[must_use]
    pub fn unweakened(self) -> Self {
        let levels = self.levels.into_iter().filter(|(_, level)| *level == Level::Error).collect();
        Self {
            levels,
            per_path: PerPath::default(),
            baseline: None,
            options: Options::default(),
            profile: Profile::Default,
            selection: Selection::default(),
            ..self
        }
    }

    /// The level at which `rule` must run: the gravest that it has for any path.
    pub fn running(&self, rule: &Rule) -> Chosen {
        let chosen = self.chosen(rule);
        match self.per_path.gravest(rule.name) {
            Some(level) if self.is_per_path(rule) => Chosen::by_user(level.max(chosen.level)),
            _ => chosen,
        }
    }

    /// The level of `rule` for a file or directory.
    pub fn chosen_at(&self, rule: &Rule, file: &str) -> Chosen {
        match self.per_path.level(rule.name, file) {
            Some(level) if self.is_per_path(rule) => Chosen::by_user(level),
            _ => self.chosen(rule),
        }
    }

    /// Whether paths decide on the level of `rule`: neither what cannot be changed nor the command line
    /// does.
    fn is_per_path(&self, rule: &Rule) -> bool {
        let is_off = rule.status == Status::Preview && !self.preview;
        !is_off && !rule.is_fixed(self.dialect) && !self.is_excluded(rule)
    }

    /// Whether the command line excludes `rule`.
    fn is_excluded(&self, rule: &Rule) -> bool {
        Selection::names(&self.selection.ignore, rule)
            || (!self.selection.only.is_empty() && !Selection::names(&self.selection.only, rule))
    }

    /// The level of `rule` in this run.
    pub fn level(&self, rule: &Rule) -> Level {
        self.chosen(rule).level
    }

    /// Whether the command line asks for what `rule` has to say, advice included.
    pub fn asks_for(&self, rule: &Rule) -> bool {
        Selection::names(&self.selection.select, rule) || Selection::names(&self.selection.only, rule)
    }

    /// The level of `rule` in this run, and whether the user chose it.
    ///
    /// The command line wins over the file's levels, those over the profile, and that over the
    /// author's level.
    pub fn chosen(&self, rule: &Rule) -> Chosen {
        if rule.status == Status::Preview && !self.preview {
            return Chosen::by_author(Level::Off);
        }
        let own = rule.level(self.dialect);
        if rule.is_fixed(self.dialect) {
            return Chosen::by_author(own);
        }
        if self.is_excluded(rule) {
            return Chosen::by_user(Level::Off);
        }
        if let Some(&level) = self.levels.get(rule.name) {
            return Chosen::by_user(level);
        }
        let usual = match self.profile {
            Profile::Default => own,
            Profile::Strict => rule.strict.unwrap_or(own),
        };
        // Advice is off unless it is asked for by name or group.
        let asked = self.asks_for(rule);
        match usual {
            Level::Info if !asked => Chosen::by_author(Level::Off),
            Level::Off if asked => Chosen::by_user(Level::Info),
            level => Chosen::by_author(level),
        }
    }
}

impl Selection {
    /// Whether a list names the rule, its group, or all.
    pub fn names(list: &[String], rule: &Rule) -> bool {
        list.iter().any(|name| name == rule.name || name == rule.group.name() || name == ALL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Check, Group};

    static STRICT: Rule =
        Rule { name: "s", level: Level::Info, strict: Some(Level::Warning), check: CHECK, ..Rule::DEFAULT };
    static NEW: Rule =
        Rule { name: "n", level: Level::Warning, status: Status::Preview, check: CHECK, ..Rule::DEFAULT };
    static FIXED: Rule = Rule { name: "f", level: Level::Error, check: Check::Reader, ..Rule::DEFAULT };
    const CHECK: Check = Check::Document(|_, _| {});

    #[test]
    fn the_profile_raises_what_belongs_to_it_unless_the_file_says_otherwise() {
        let mut settings = Settings::default();
        assert_eq!(settings.level(&STRICT), Level::Off);
        settings.profile = Profile::Strict;
        assert_eq!(settings.chosen(&STRICT), Chosen::by_author(Level::Warning));
        settings.levels.insert("s".to_owned(), Level::Off);
        assert_eq!(settings.chosen(&STRICT), Chosen::by_user(Level::Off));
    }

    #[test]
    fn what_is_not_settled_needs_preview_even_when_named() {
        let mut settings = Settings::default();
        settings.levels.insert("n".to_owned(), Level::Error);
        settings.selection.select.push(Group::Hygiene.name().to_owned());
        assert_eq!(settings.level(&NEW), Level::Off);
        settings.preview = true;
        assert_eq!(settings.level(&NEW), Level::Error);
    }

    #[test]
    fn what_paasta_refuses_stays_an_error() {
        let mut settings = Settings::default();
        settings.levels.insert("f".to_owned(), Level::Off);
        settings.selection.ignore.push("f".to_owned());
        assert_eq!(settings.level(&FIXED), Level::Error);
    }
}
