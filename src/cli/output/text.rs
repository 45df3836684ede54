//! A payload as text.

use crate::emit::python::{dumps, write_json};
use crate::emit::{Payload, Refusal};

use super::super::args::JsonOrYaml;

/// Where a payload stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PayloadPlace {
    /// In a file of its own.
    File,
    /// In the one document.
    Entry,
    /// In the part of the document that belongs to its cluster.
    EntryOfCluster,
}

/// How payloads are written.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Layout {
    format: JsonOrYaml,
    place: PayloadPlace,
}

impl Layout {
    pub(super) const fn new(format: JsonOrYaml, place: PayloadPlace) -> Self {
        Self { format, place }
    }
}

/// A payload, or a whole file as it is installed, written out.
pub(in crate::cli) struct Text {
    /// Its service; none if it is about several.
    pub(super) service: Option<String>,
    pub(super) name: String,
    /// The ending of a file that has one of its own.
    pub(super) extension: Option<&'static str>,
    pub(super) body: String,
    /// Whether its image is a placeholder.
    pub(in crate::cli) is_placeholder: bool,
}

impl Text {
    /// A payload in its place.
    ///
    /// # Errors
    /// A value that the format has no word for.
    pub(in crate::cli) fn of(payload: &Payload<'_>, layout: Layout) -> Result<Self, Refusal> {
        let body = match (layout.format, layout.place) {
            (JsonOrYaml::Json, PayloadPlace::File) => {
                let mut text = String::with_capacity(4096);
                write_json(&payload.value, 0, &mut text)?;
                text.push('\n');
                text
            }
            (JsonOrYaml::Json, PayloadPlace::Entry) => crate::emit::json_entry(payload, 0)?,
            (JsonOrYaml::Json, PayloadPlace::EntryOfCluster) => crate::emit::json_entry(payload, 1)?,
            (JsonOrYaml::Yaml, place) => yaml(payload, place)?,
        };
        Ok(Self {
            service: Some(payload.service.clone()),
            name: payload.name.clone(),
            extension: None,
            body,
            is_placeholder: payload.is_placeholder,
        })
    }

    /// A whole file: its name, its ending, its text.
    pub(in crate::cli) fn file(
        service: Option<&str>,
        name: &str,
        extension: &'static str,
        body: String,
    ) -> Self {
        let (service, name) = (service.map(str::to_owned), name.to_owned());
        Self { service, name, extension: Some(extension), body, is_placeholder: false }
    }
}

/// A payload in YAML, with sorted keys; as an entry of a mapping unless it stands alone.
fn yaml(payload: &Payload<'_>, place: PayloadPlace) -> Result<String, Refusal> {
    let wrong = |error: String| Refusal::new("", format!("it cannot be written as YAML: {error}"));
    // The way over JSON sorts the keys and refuses what a payload must not hold.
    let json: serde_json::Value =
        serde_json::from_str(&dumps(&payload.value)?).map_err(|error| wrong(error.to_string()))?;
    if place == PayloadPlace::File {
        return serde_yaml::to_string(&json).map_err(|error| wrong(error.to_string()));
    }
    let entry = serde_json::Map::from_iter([(payload.name.clone(), json)]);
    let text = serde_yaml::to_string(&entry).map_err(|error| wrong(error.to_string()))?;
    Ok(if place == PayloadPlace::Entry { text } else { indented(&text) })
}

/// YAML text as the value of a key of an outer mapping.
fn indented(text: &str) -> String {
    let mut inner = String::with_capacity(text.len() + text.len() / 8);
    for line in text.split_inclusive('\n') {
        if line != "\n" {
            inner.push_str("  ");
        }
        inner.push_str(line);
    }
    inner
}
