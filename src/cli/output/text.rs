//! A payload as text.

use serde_json::Value as Json;

use crate::emit::python::{dumps, write_json};
use crate::emit::{Payload, Refusal};

use super::super::args::JsonOrYaml;
use crate::report::escape::{inert_json, inert_yaml};

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
                inert_json(text)
            }
            (JsonOrYaml::Json, PayloadPlace::Entry) => inert_json(crate::emit::json_entry(payload, 0)?),
            (JsonOrYaml::Json, PayloadPlace::EntryOfCluster) => {
                inert_json(crate::emit::json_entry(payload, 1)?)
            }
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
        let body = if extension == "json" { inert_json(body) } else { body };
        let (service, name) = (service.map(str::to_owned), name.to_owned());
        Self { service, name, extension: Some(extension), body, is_placeholder: false }
    }
}

/// A payload in YAML, with sorted keys; as an entry of a mapping unless it stands alone.
fn yaml(payload: &Payload<'_>, place: PayloadPlace) -> Result<String, Refusal> {
    let wrong = |error: String| Refusal::new("", format!("it cannot be written as YAML: {error}"));
    // The way over JSON sorts the keys and refuses what a payload must not hold.
    let json: Json =
        serde_json::from_str(&dumps(&payload.value)?).map_err(|error| wrong(error.to_string()))?;
    let json = match place {
        PayloadPlace::File => json,
        _ => serde_json::Map::from_iter([(payload.name.clone(), json)]).into(),
    };
    let text = inert(json).map_err(|error| wrong(error.to_string()))?;
    Ok(if place == PayloadPlace::EntryOfCluster { indented(&text) } else { text })
}

/// YAML that no terminal obeys and no CI system takes for a command. The writer of YAML cannot be told to quote a
/// string, so each that must be is a word of letters and digits at first.
fn inert(mut json: Json) -> Result<String, serde_yaml::Error> {
    let mut quoted = Vec::new();
    let mut mark = "soalintquotes".to_owned();
    let all = json.to_string();
    while all.contains(&mark) {
        mark.push('q');
    }
    replace(&mut json, &mark, &mut quoted);
    let text = serde_yaml::to_string(&json)?;
    if quoted.is_empty() {
        return Ok(text);
    }
    let mut parts = text.split(&mark);
    let mut inert = parts.next().unwrap_or_default().to_owned();
    // They come in the order in which they were taken out.
    for (part, quoted) in parts.zip(&quoted) {
        inert.push_str(quoted);
        inert.push_str(part.trim_start_matches('z'));
    }
    Ok(inert)
}

/// Puts words that begin with `mark` in place of strings that have to be quoted.
fn replace(json: &mut Json, mark: &str, quoted: &mut Vec<String>) {
    match json {
        Json::String(text) => {
            if let Some(word) = word(text, mark, quoted) {
                *text = word;
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| replace(item, mark, quoted)),
        Json::Object(entries) => {
            let old = std::mem::take(entries);
            for (number, (key, mut value)) in old.into_iter().enumerate() {
                // Each its own length, or they would be the same key.
                let key = word(&key, mark, quoted).map_or(key, |word| word + &"z".repeat(number));
                replace(&mut value, mark, quoted);
                entries.insert(key, value);
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// A word in place of `text`, if that has to be quoted; as long as it, since a long key is written in another way.
fn word(text: &str, mark: &str, quoted: &mut Vec<String>) -> Option<String> {
    let quote = inert_yaml(text)?;
    let word = format!("{mark}{}", "z".repeat(quote.len()));
    quoted.push(quote);
    Some(word)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_is_quoted_where_a_terminal_or_a_log_would_obey() {
        let long = format!("{}\u{202e}", "k".repeat(200));
        let json = serde_json::json!({
            "a": "plain", "##[b]": ["x\n::error::y\n", "##vso[c]", "\u{202e}"], "##[d]": "soalintquotesz", "é": {"\u{9b}": 1, "\u{9c}": 2},
            "text": "several\nlines\n", &long: "z",
        });
        let yaml = inert(json.clone()).unwrap();
        assert!(
            !yaml.contains("##") && !yaml.contains(['\u{202e}', '\u{9b}']) && !yaml.contains("\n  ::"),
            "{yaml}"
        );
        assert!(yaml.contains("text: |\n  several\n"), "{yaml}");
        assert_eq!(serde_yaml::from_str::<Json>(&yaml).unwrap(), json);
        let plain = serde_json::json!({"a": ["b", "c\nd\n", 1, null]});
        assert_eq!(inert(plain.clone()).unwrap(), serde_yaml::to_string(&plain).unwrap());
    }
}
