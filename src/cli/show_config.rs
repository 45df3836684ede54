//! `check --show-config`: every effective setting with its origin.

use std::io::{self, Write};

use crate::config::{LocationMapping, MountMode, Profile, Selection, Settings};
use crate::rules::{Level, RULES, Rule, Status};
use crate::text::printable;
use crate::yaml::{Tree, Value};

use super::args::{CheckArgs, Global};
use super::configuration::Loaded;

/// Values that are longer are cut, in characters.
const LONGEST_VALUE: usize = 200;

/// A setting.
struct Row {
    key: String,
    value: String,
    origin: String,
}

/// Writes one line per setting: `key: value  # origin`.
pub(super) fn write(
    global: &Global,
    args: &CheckArgs,
    loaded: &Loaded,
    settings: &Settings,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut lister = Lister { args, loaded, settings, rows: Vec::new() };
    lister.general(global);
    lister.rules();
    lister.paths();
    lister.facts();
    let left = |row: &Row| row.key.chars().count() + 2 + row.value.chars().count();
    let width = lister.rows.iter().map(left).filter(|width| *width <= 60).max().unwrap_or_default();
    for row in &lister.rows {
        let text = printable(&format!("{}: {}", row.key, row.value));
        writeln!(out, "{text:width$}  # {}", printable(&row.origin))?;
    }
    Ok(())
}

struct Lister<'a> {
    args: &'a CheckArgs,
    loaded: &'a Loaded,
    settings: &'a Settings,
    rows: Vec<Row>,
}

impl Lister<'_> {
    /// Adds a setting that the file has under `path`, if at all.
    fn add(&mut self, path: &[&str], value: impl Into<String>) {
        let origin = self.written_at(path).unwrap_or_else(|| "default".to_owned());
        self.add_from(path, value, origin);
    }

    fn add_from(&mut self, path: &[&str], value: impl Into<String>, origin: String) {
        let value: String = value.into();
        let mut shown: String = value.chars().take(LONGEST_VALUE).collect();
        if value.chars().nth(LONGEST_VALUE).is_some() {
            shown.push('…');
        }
        self.rows.push(Row { key: path.join("."), value: shown, origin });
    }

    /// `file:line` of a key of the configuration file.
    fn written_at(&self, path: &[&str]) -> Option<String> {
        let (name, tree) = self.loaded.written.as_ref()?;
        let (last, parents) = path.split_last()?;
        let holder = parents.iter().try_fold(Tree::root(tree), |value: Value<'_>, key| value.get(key))?;
        let at = tree.source().position(holder.entry(last)?.key.span().start);
        Some(format!("{name}:{}", at.line))
    }

    fn general(&mut self, global: &Global) {
        let settings = self.settings;
        if global.dialect.is_some() {
            self.add_from(&["dialect"], settings.dialect.name(), "--dialect".to_owned());
        } else {
            self.add(&["dialect"], settings.dialect.name());
        }
        self.add(&["profile"], settings.profile.name());
        if self.args.settings.preview {
            self.add_from(&["preview"], "true", "--preview".to_owned());
        } else {
            self.add(&["preview"], settings.preview.to_string());
        }
        self.add(&["ignores", "require-reason"], settings.ignores.require_reason.to_string());
        let pattern = settings.ignores.ticket_pattern.as_ref();
        self.add(&["ignores", "ticket-pattern"], pattern.map_or("null", |pattern| pattern.as_str()));
        match (&self.args.settings.baseline, &self.loaded.baseline) {
            (Some(path), _) => {
                let shown = crate::repo::printable(path.as_os_str());
                self.add_from(&["baseline"], shown, "--baseline".to_owned());
            }
            (None, Some(file)) => self.add(&["baseline"], file.as_str()),
            (None, None) => self.add(&["baseline"], "null"),
        }
    }

    fn rules(&mut self) {
        for rule in RULES {
            let origin = self.origin_of_level(rule);
            let level = self.settings.level(rule).name();
            self.add_from(&["rules", rule.name], level, origin);
            let options = self.settings.options.of(rule.name);
            for (name, value) in options.iter().filter_map(serde_json::Value::as_object).flatten() {
                self.add(&["rules", rule.name, "options", name], value.to_string());
            }
        }
    }

    /// Who decides on the level of a rule; in the order of [`Settings::chosen`].
    fn origin_of_level(&self, rule: &Rule) -> String {
        let settings = self.settings;
        let names = |list: &[String]| Selection::names(list, rule);
        let own = rule.level(settings.dialect);
        if rule.status == Status::Preview && !settings.preview {
            return "runs with --preview only".to_owned();
        }
        if rule.is_fixed(settings.dialect) {
            return "cannot be changed".to_owned();
        }
        if names(&settings.selection.ignore) {
            return "--ignore".to_owned();
        }
        if !settings.selection.only.is_empty() && !names(&settings.selection.only) {
            return "--only".to_owned();
        }
        if settings.levels.contains_key(rule.name)
            && let Some(place) = self.written_at(&["rules", rule.name])
        {
            return place;
        }
        let is_asked = settings.asks_for(rule);
        match rule.strict.filter(|_| settings.profile == Profile::Strict) {
            Some(_) => self.written_at(&["profile"]).unwrap_or_default() + " (profile strict)",
            None if is_asked && own <= Level::Info => {
                if names(&settings.selection.select) { "--select" } else { "--only" }.to_owned()
            }
            None if own == Level::Info => "default: advice is off".to_owned(),
            None => "default".to_owned(),
        }
    }

    fn paths(&mut self) {
        for (pattern, levels) in self.settings.per_path.patterns() {
            for (rule, level) in levels {
                self.add(&["per-path", pattern, "rules", rule], Level::from(*level).name());
            }
        }
    }

    fn facts(&mut self) {
        let (ports, site) = (&self.settings.ports, &self.settings.site);
        self.add(&["ports", "range"], format!("[{}, {}]", ports.range.0, ports.range.1));
        self.add(&["ports", "reserved"], list(&ports.reserved));
        let lists = [
            ("clusters", &site.clusters),
            ("pools", &site.pools),
            ("teams", &site.teams),
            ("location-types", &site.location_types),
            ("agent-attributes", &site.agent_attributes),
        ];
        for (name, names) in lists {
            self.add(&["site", name], names.as_ref().map_or_else(|| "null".to_owned(), |names| list(names)));
        }
        let mapping = site.location_mapping.as_ref().map_or_else(|| "null".to_owned(), locations);
        self.add(&["site", "location-mapping"], mapping);
        let volumes = site.system_volumes.as_ref().map(|volumes| {
            let shown = volumes.iter().map(|volume| {
                let mode = match volume.mode {
                    Some(MountMode::Ro) => ":RO",
                    Some(MountMode::Rw) => ":RW",
                    None => "",
                };
                format!("{}:{}{mode}", volume.host_path, volume.container_path)
            });
            list(&shown.collect::<Vec<_>>())
        });
        self.add(&["site", "system-volumes"], volumes.unwrap_or_else(|| "null".to_owned()));
    }
}

/// How many locations there are of each type: the mapping itself is the file's.
fn locations(mapping: &LocationMapping) -> String {
    let counted = mapping.kinds().map(|kind| format!("{} of type {kind}", mapping.names(kind).count()));
    counted.collect::<Vec<_>>().join(", ")
}

fn list<T: std::fmt::Display>(items: &[T]) -> String {
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    format!("[{}]", items.join(", "))
}
