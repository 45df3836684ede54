//! `baseline:` of the configuration: a path that stays in the tree.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};

/// A path relative to the root of the tree that does not lead out of it; what links on the way do is for
/// whoever opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaselineFile(String);

impl BaselineFile {
    /// The path, with `/`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for BaselineFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = BaselineFile;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a path in the tree, relative to its root")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<BaselineFile, E> {
                let is_inside = !text.is_empty()
                    && !text.contains(['\\', ':', '\0'])
                    && text.split('/').all(|step| !matches!(step, "" | "." | ".."));
                if !is_inside {
                    return Err(E::custom(format!("`{text}` is no path in the tree, relative to its root")));
                }
                Ok(BaselineFile(text.to_owned()))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

impl JsonSchema for BaselineFile {
    fn schema_name() -> Cow<'static, str> {
        "BaselineFile".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "minLength": 1, "not": { "pattern": "^/|(^|/)\\.\\.?(/|$)" } })
    }
}
