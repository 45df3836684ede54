//! `rules:` of the configuration: a level for a rule, or a level and options.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::rules::{Level, RULES};
use crate::yaml::{DeError, Entry, Kind, Value};

use super::Options;

/// A rule's level in the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "lowercase", transform = or_false)]
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

const LEVEL_NAMES: &[&str] = &["off", "info", "warning", "error"];

impl LevelName {
    fn from_bool<E: de::Error>(on: bool, expected: &dyn de::Expected) -> Result<Self, E> {
        if on { Err(E::invalid_value(de::Unexpected::Bool(on), expected)) } else { Ok(LevelName::Off) }
    }

    fn from_word<E: de::Error>(word: &str) -> Result<Self, E> {
        match word {
            "off" => Ok(LevelName::Off),
            "info" => Ok(LevelName::Info),
            "warning" => Ok(LevelName::Warning),
            "error" => Ok(LevelName::Error),
            _ => Err(E::unknown_variant(word, LEVEL_NAMES)),
        }
    }
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
                LevelName::from_bool(on, &self)
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<LevelName, E> {
                LevelName::from_word(word)
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

/// What the configuration says of single rules. Names are not looked up here: whoever reads the file
/// can say more about an unknown one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSettings {
    /// Levels by the name of the rule.
    pub levels: BTreeMap<String, LevelName>,
    /// Options of the rules that have any.
    pub options: Options,
}

impl RuleSettings {
    /// What is wrong with what is said of each rule.
    pub(super) fn mistakes(value: Value<'_>) -> Vec<DeError> {
        if value.kind() != Kind::Map {
            return Self::deserialize(value).err().into_iter().collect();
        }
        let of_rule = |entry: Entry<'_>| {
            let mut options = Options::default();
            let setting = Setting { rule: entry.key.text(), options: &mut options };
            let mut error = setting.deserialize(entry.value).err()?;
            error.span.get_or_insert(entry.value.span());
            Some(error)
        };
        value.entries().filter_map(of_rule).collect()
    }
}

impl<'de> Deserialize<'de> for RuleSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Rules;

        impl<'de> Visitor<'de> for Rules {
            type Value = RuleSettings;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping from names of rules to levels")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RuleSettings, A::Error> {
                let mut settings = RuleSettings::default();
                while let Some(rule) = map.next_key::<String>()? {
                    let level =
                        map.next_value_seed(Setting { rule: &rule, options: &mut settings.options })?;
                    if let Some(level) = level {
                        settings.levels.insert(rule, level);
                    }
                }
                Ok(settings)
            }
        }

        deserializer.deserialize_map(Rules)
    }
}

/// Reads what is said of one rule: a level, or `{level, options}` with either left out.
struct Setting<'a> {
    rule: &'a str,
    options: &'a mut Options,
}

impl<'de> DeserializeSeed<'de> for Setting<'_> {
    type Value = Option<LevelName>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Setting<'_> {
    type Value = Option<LevelName>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("off, info, warning or error, or a mapping with `level` and `options`")
    }

    fn visit_bool<E: de::Error>(self, on: bool) -> Result<Self::Value, E> {
        LevelName::from_bool(on, &self).map(Some)
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<Self::Value, E> {
        LevelName::from_word(word).map(Some)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut level = None;
        while let Some(part) = map.next_key_seed(PartOf { rule: self.rule })? {
            match part {
                Part::Level => level = Some(map.next_value()?),
                Part::Options if self.options.read(self.rule, &mut map)? => {}
                Part::Options => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(level)
    }
}

/// The keys of what is said of a rule.
enum Part {
    Level,
    Options,
}

/// Reads such a key; the mistake of a wrong one is the key's own, so that it is shown there.
struct PartOf<'a> {
    rule: &'a str,
}

impl<'de> DeserializeSeed<'de> for PartOf<'_> {
    type Value = Part;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Part, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for PartOf<'_> {
    type Value = Part;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`level` or `options`")
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<Part, E> {
        match word {
            "level" => Ok(Part::Level),
            "options" if Options::has(self.rule) || crate::rules::find(self.rule).is_none() => {
                Ok(Part::Options)
            }
            "options" => Err(E::custom(format!("the rule `{}` has no options", self.rule))),
            _ => Err(E::unknown_field(word, &["level", "options"])),
        }
    }
}

impl JsonSchema for RuleSettings {
    fn schema_name() -> Cow<'static, str> {
        "RuleSettings".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let level = generator.subschema_for::<LevelName>();
        let mut properties = serde_json::Map::new();
        for rule in RULES {
            let mut parts = serde_json::Map::new();
            parts.insert("level".to_owned(), described_level("Level of the rule.", &level).into());
            if let Some(mut options) = Options::schema(rule.name, generator) {
                options.insert("title".to_owned(), "options of the rule".into());
                options.insert("description".to_owned(), "Options of the rule.".into());
                parts.insert("options".to_owned(), options.into());
            }
            let setting = json_schema!({
                "description": rule.summary(),
                "anyOf": [
                    level,
                    {
                        "title": "level and options of the rule",
                        "type": "object",
                        "properties": parts,
                        "additionalProperties": false
                    }
                ]
            });
            properties.insert(rule.name.to_owned(), setting.into());
        }
        json_schema!({
            "title": "levels of rules",
            "type": "object",
            "properties": properties,
            "additionalProperties": false
        })
    }
}

/// The schema of a mapping from rules to levels alone.
pub(super) fn levels_only(generator: &mut SchemaGenerator) -> Schema {
    let level = generator.subschema_for::<LevelName>();
    let mut properties = serde_json::Map::new();
    for rule in RULES {
        properties.insert(rule.name.to_owned(), described_level(&rule.summary(), &level).into());
    }
    json_schema!({
        "title": "levels of rules",
        "description": "Levels of single rules.",
        "type": "object",
        "properties": properties,
        "additionalProperties": false
    })
}

/// A level with a description of its own; with `anyOf`, so that editors know that it is a value.
fn described_level(description: &str, level: &Schema) -> Schema {
    json_schema!({ "description": description, "anyOf": [level] })
}

/// What YAML 1.1 makes of the word `off`.
fn or_false(schema: &mut Schema) {
    if let Some(words) = schema.get_mut("oneOf").and_then(serde_json::Value::as_array_mut) {
        words.push(serde_json::json!({ "const": false, "description": "How YAML 1.1 reads `off`." }));
    }
}
