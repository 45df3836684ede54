//! `per-path:` of the configuration: other levels in some directories or files.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};

use crate::rules::Level;

use super::LevelName;

/// Longest pattern, in bytes, and most of them: a pattern is compiled, and the file is a stranger's.
const LONGEST_PATTERN: usize = 256;
const MOST_PATTERNS: usize = 256;

/// Levels by pattern of paths. Of several patterns that match a file and name a rule, the last one in
/// the file counts.
#[derive(Clone, Debug, Default)]
pub struct PerPath {
    set: GlobSet,
    /// As written, with the levels; in the order of the set.
    patterns: Vec<(String, BTreeMap<String, LevelName>)>,
    /// Every rule that a pattern names.
    rules: BTreeSet<String>,
}

impl PerPath {
    /// Whether no pattern names a rule.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Patterns with their levels, in the order of the file.
    pub fn patterns(&self) -> &[(String, BTreeMap<String, LevelName>)] {
        &self.patterns
    }

    /// The gravest level that a pattern gives a rule; `None` if no pattern names it.
    pub fn gravest(&self, rule: &str) -> Option<Level> {
        if !self.rules.contains(rule) {
            return None;
        }
        let levels = self.patterns.iter().filter_map(|(_, levels)| levels.get(rule));
        levels.map(|level| Level::from(*level)).max()
    }

    /// The level of a rule for a file or directory, if a pattern gives it one. A pattern that matches
    /// a directory is about everything in it.
    pub fn level(&self, rule: &str, file: &str) -> Option<Level> {
        if !self.rules.contains(rule) {
            return None;
        }
        let ends = file.match_indices('/').map(|(at, _)| at).chain([file.len()]);
        let of = |path: &str| {
            let matching = self.set.matches(path).into_iter();
            matching
                .filter(|at| self.patterns.get(*at).is_some_and(|(_, levels)| levels.contains_key(rule)))
                .max()
        };
        let last = ends.filter_map(|end| of(file.get(..end)?)).max()?;
        self.patterns.get(last)?.1.get(rule).map(|level| Level::from(*level))
    }
}

/// What a pattern's entry holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PathRules {
    rules: BTreeMap<String, LevelName>,
}

/// A pattern that compiles.
struct Pattern {
    text: String,
    glob: Glob,
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Pattern;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a pattern of paths")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Pattern, E> {
                let glob = compile(text).map_err(E::custom)?;
                Ok(Pattern { text: text.to_owned(), glob })
            }
        }

        deserializer.deserialize_str(Text)
    }
}

fn compile(text: &str) -> Result<Glob, String> {
    if text.len() > LONGEST_PATTERN {
        return Err(format!("a pattern of more than {LONGEST_PATTERN} bytes"));
    }
    if text.starts_with(['/', '!']) || text.split('/').any(|step| matches!(step, "." | "..")) {
        return Err(format!("the pattern `{text}` is not relative to the root of the tree"));
    }
    // A directory stands for everything in it, itself included.
    let inner = text.strip_suffix("/**").or_else(|| text.strip_suffix('/')).unwrap_or(text);
    if inner.is_empty() {
        return Err("a pattern that matches nothing".to_owned());
    }
    // A name without a directory is found at any depth, as in .gitignore.
    let anywhere = if inner.contains('/') { inner.to_owned() } else { format!("**/{inner}") };
    let glob = GlobBuilder::new(&anywhere).literal_separator(true).backslash_escape(true).build();
    glob.map_err(|error| format!("the pattern `{text}` cannot be used: {}", error.kind()))
}

impl<'de> Deserialize<'de> for PerPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Patterns;

        impl<'de> Visitor<'de> for Patterns {
            type Value = PerPath;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping from patterns of paths to `rules`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PerPath, A::Error> {
                let mut builder = GlobSetBuilder::new();
                let mut per_path = PerPath::default();
                while let Some(pattern) = map.next_key::<Pattern>()? {
                    let PathRules { rules } = map.next_value()?;
                    if per_path.patterns.len() == MOST_PATTERNS {
                        return Err(de::Error::custom(format!("more than {MOST_PATTERNS} patterns")));
                    }
                    builder.add(pattern.glob);
                    per_path.rules.extend(rules.keys().cloned());
                    per_path.patterns.push((pattern.text, rules));
                }
                per_path.set = builder
                    .build()
                    .map_err(|error| de::Error::custom(format!("the patterns cannot be used: {error}")))?;
                Ok(per_path)
            }
        }

        deserializer.deserialize_map(Patterns)
    }
}

impl JsonSchema for PerPath {
    fn schema_name() -> Cow<'static, str> {
        "PerPath".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let levels = super::levels::levels_only(generator);
        json_schema!({
            "title": "levels by pattern of paths",
            "type": "object",
            "propertyNames": { "maxLength": LONGEST_PATTERN, "not": { "pattern": "^[/!]" } },
            "additionalProperties": {
                "title": "levels for matching files",
                "description": "What holds for the files that the pattern matches.",
                "type": "object",
                "properties": { "rules": levels },
                "required": ["rules"],
                "additionalProperties": false
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Budget, parse};

    fn per_path(text: &str) -> Result<PerPath, String> {
        let tree = parse(text.as_bytes(), &Budget::default()).unwrap();
        PerPath::deserialize(tree.root()).map_err(|error| error.to_string())
    }

    fn matches(pattern: &str, file: &str) -> bool {
        let per_path = per_path(&format!("{pattern:?}: {{rules: {{r: info}}}}")).unwrap();
        per_path.level("r", file).is_some()
    }

    #[test]
    fn patterns_match_paths_from_the_root() {
        for (pattern, yes, no) in [
            ("legacy-*", "legacy-web/service.yaml", "web/legacy.yaml"),
            ("legacy-*", "legacy-web", "new-legacy-web"),
            ("monitoring.yaml", "web/monitoring.yaml", "web/amonitoring.yaml"),
            ("web/*.yaml", "web/service.yaml", "api/web/service.yaml"),
            ("web/**", "web", "web2/service.yaml"),
            ("web/", "web/service.yaml", "web2/service.yaml"),
            ("*/marathon-{norcal,nova}-*.yaml", "web/marathon-nova-prod.yaml", "web/marathon-eu-prod.yaml"),
            ("**/chronos-*", "web/chronos-x.yaml", "web/marathon-x.yaml"),
            ("we?", "web/x.yaml", "webs/x.yaml"),
        ] {
            assert!(matches(pattern, yes), "{pattern} {yes}");
            assert!(!matches(pattern, no), "{pattern} {no}");
        }
    }

    #[test]
    fn the_last_pattern_that_names_the_rule_counts() {
        let per_path = per_path(
            "web: {rules: {r: error, s: error}}\n'**': {rules: {r: 'off'}}\nweb/x.yaml: {rules: {s: info}}\n",
        )
        .unwrap();
        assert_eq!(per_path.level("r", "web/x.yaml"), Some(Level::Off));
        assert_eq!(per_path.level("s", "web/x.yaml"), Some(Level::Info));
        assert_eq!(per_path.level("s", "web/y.yaml"), Some(Level::Error));
        assert_eq!(per_path.level("t", "web/y.yaml"), None);
        assert_eq!((per_path.gravest("r"), per_path.gravest("t")), (Some(Level::Error), None));
    }

    #[test]
    fn patterns_that_cannot_be_meant_are_refused() {
        for text in [
            "/web: {rules: {}}",
            "../web: {rules: {}}",
            "'[': {rules: {}}",
            "/: {rules: {}}",
            "'!web': {rules: {}}",
        ] {
            assert!(per_path(text).is_err(), "{text}");
        }
        assert!(per_path(&format!("{}: {{rules: {{}}}}", "a".repeat(300))).is_err());
        let many: Vec<String> = (0..300).map(|at| format!("p{at}: {{rules: {{}}}}")).collect();
        assert!(per_path(&many.join("\n")).is_err());
    }

    #[test]
    fn patterns_of_strangers_cost_little() {
        let text = format!("'{}': {{rules: {{r: info}}}}", "{*a,**/b}".repeat(25));
        let began = std::time::Instant::now();
        if let Ok(per_path) = per_path(&text) {
            // Whether it matches is not the point.
            let _ = per_path.level("r", &format!("{}/x", "a".repeat(5000)));
        }
        assert!(began.elapsed().as_secs() < 5);
    }
}
