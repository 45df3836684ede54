//! Options of rules: what a site may decide beyond a level. A rule with options has a line in the
//! list below and a type; the rule reads `env.settings.options`.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::MapAccess;
use serde::{Deserialize, Serialize};

macro_rules! options {
    ($($(#[doc = $doc:literal])* $rule:literal $field:ident: $type:ty,)*) => {
        /// The options of every rule that has any.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Options {
            $($(#[doc = $doc])* pub $field: $type,)*
        }

        impl Options {
            /// The rules that have options.
            pub const RULES: &'static [&'static str] = &[$($rule),*];

            /// Reads the options of a rule; false if it has none, and nothing is read.
            pub(super) fn read<'de, A: MapAccess<'de>>(
                &mut self,
                rule: &str,
                map: &mut A,
            ) -> Result<bool, A::Error> {
                match rule {
                    $($rule => self.$field = map.next_value()?,)*
                    _ => return Ok(false),
                }
                Ok(true)
            }

            /// The options of a rule by name; `None` if it has none.
            pub fn of(&self, rule: &str) -> Option<serde_json::Value> {
                match rule {
                    $($rule => serde_json::to_value(&self.$field).ok(),)*
                    _ => None,
                }
            }

            /// The JSON Schema of a rule's options.
            pub(super) fn schema(rule: &str, generator: &mut SchemaGenerator) -> Option<Schema> {
                match rule {
                    $($rule => Some(generator.root_schema_for_inline::<$type>()),)*
                    _ => None,
                }
            }
        }
    };
}

options! {
    /// Of `env-secret-suspect`.
    "env-secret-suspect" env_secret_suspect: EnvSecretSuspect,
    /// Of `volume-dangerous`.
    "volume-dangerous" volume_dangerous: VolumeDangerous,
}

impl Options {
    /// Whether a rule has options.
    pub(super) fn has(rule: &str) -> bool {
        Self::RULES.contains(&rule)
    }
}

/// A schema without definitions: it stands within another one.
trait Inline {
    fn root_schema_for_inline<T: JsonSchema>(&mut self) -> Schema;
}

impl Inline for SchemaGenerator {
    fn root_schema_for_inline<T: JsonSchema>(&mut self) -> Schema {
        T::json_schema(self)
    }
}

/// Options of `env-secret-suspect`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct EnvSecretSuspect {
    /// Environment variables that only sound like secrets.
    pub allow: Vec<String>,
}

/// Options of `volume-dangerous`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct VolumeDangerous {
    /// Paths of the host that may be mounted all the same, as `hostPath` names them.
    pub allow: Vec<String>,
}
