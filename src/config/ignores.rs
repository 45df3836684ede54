//! `ignores:` of the configuration: what a comment that ignores a finding must say.

use std::borrow::Cow;
use std::fmt;

use regex::{Regex, RegexBuilder};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};

/// Longest pattern, in bytes.
const LONGEST_PATTERN: usize = 256;

/// Most memory for a compiled pattern, in bytes: `(a{99}){99}` is short and large.
const MOST_MEMORY: usize = 1 << 20;

/// What a comment that ignores a finding must say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[schemars(title = "demands on ignore comments")]
pub struct Ignores {
    /// Whether each ignore must give a reason.
    pub require_reason: bool,
    /// A regular expression that each reason must match somewhere, such as the form of a ticket's
    /// number.
    pub ticket_pattern: Option<TicketPattern>,
}

/// A regular expression; matching takes linear time.
#[derive(Clone, Debug)]
pub struct TicketPattern(Regex);

impl TicketPattern {
    /// Whether the pattern is found in `reason`.
    pub fn is_match(&self, reason: &str) -> bool {
        self.0.is_match(reason)
    }

    /// The pattern in backticks, as written.
    pub fn shown(&self) -> String {
        format!("`{}`", self.0.as_str())
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl PartialEq for TicketPattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for TicketPattern {}

impl<'de> Deserialize<'de> for TicketPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = TicketPattern;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a regular expression")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<TicketPattern, E> {
                if text.len() > LONGEST_PATTERN {
                    return Err(E::custom(format!(
                        "a regular expression of more than {LONGEST_PATTERN} bytes"
                    )));
                }
                let compiled = RegexBuilder::new(text).size_limit(MOST_MEMORY).nest_limit(50).build();
                compiled.map(TicketPattern).map_err(|error| {
                    let reason = match &error {
                        regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
                        // The last line says what is wrong, the ones before draw it.
                        error => error.to_string().lines().last().unwrap_or_default().replace("error: ", ""),
                    };
                    E::custom(format!("this regular expression cannot be used: {reason}"))
                })
            }
        }

        deserializer.deserialize_str(Text)
    }
}

impl JsonSchema for TicketPattern {
    fn schema_name() -> Cow<'static, str> {
        "TicketPattern".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "regex", "maxLength": LONGEST_PATTERN })
    }
}
