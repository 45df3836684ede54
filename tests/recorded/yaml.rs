//! The YAML layer against what PyYAML was recorded to do: `tests/data/yaml`, or the directory that
//! `SOALINT_YAML` names.

use std::path::PathBuf;

use serde_json::{Value as Json, json};
use soalint::source::{Span, line_break_length};
use soalint::yaml::{
    self, Budget, Cause, Error, ErrorKind, Event, Kind, Notice, Style, Tree, Value, Verdict,
};

use crate::data;

/// The recorded lines of one file.
fn recorded(name: &str) -> Vec<Json> {
    data::rows(&std::env::var_os("SOALINT_YAML").map_or_else(|| data::path("yaml"), PathBuf::from), name)
}

/// Whether PyYAML decoded the bytes itself in a way that it does not for PaaSTA, which opens files as UTF-8.
fn is_other_encoding(line: &Json) -> bool {
    soalint::encoding::Encoding::of(&bytes_of(line)).is_some()
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
    let mut lines = recorded(name);
    lines.retain(|line| !is_other_encoding(line));
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

#[test]
fn every_recorded_disagreement_is_an_error_or_a_notice_and_nothing_else_is() {
    let names = ["libyaml-0.2.5", "libyaml-0.1.5", "pyyaml-3.11"];
    let mut wrong = Vec::new();
    for line in recorded("documents") {
        let Ok(tree) = read(&bytes_of(&line)) else { continue };
        let mut ours = ["same"; 3];
        for notice in tree.notices() {
            let Notice::LoadersDisagree(notice) = notice else { continue };
            let verdicts = [notice.libyaml_0_2_5, notice.libyaml_0_1_5, notice.pyyaml_3_11];
            for (name, verdict) in ours.iter_mut().zip(verdicts) {
                match verdict {
                    Verdict::Refuses => *name = "error",
                    Verdict::Differs if *name == "same" => *name = "differs",
                    Verdict::Differs | Verdict::Same => {}
                }
            }
        }
        let theirs = names.map(|name| line["others"][name].as_str().unwrap().to_owned());
        if theirs != ours {
            wrong.push(format!("{line}\n   ours: {ours:?}\n theirs: {theirs:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn likely_causes_and_the_place_to_look_at() {
    let bracket = |bracket, at| Cause::UnclosedBracket { bracket, opened: Span::new(at, at + 1) };
    let quote = |quote, at| Cause::UnclosedQuote { quote, opened: Span::new(at, at + 1) };
    for (text, cause, place) in [
        ("a:\n\tb: 1\n", Cause::TabIndent, "\t"),
        ("a: @b\n", Cause::ReservedCharacter('@'), "@"),
        ("a: *.example.com\n", Cause::ReservedCharacter('*'), "*"),
        ("a: {{ b }}\n", Cause::Template, "{{"),
        ("a: 1\n{% if b %}\n", Cause::Template, "{%"),
        ("a: \"b\nc: d\n", quote('"', 3), "\""),
        ("a: 'it's'\n", Cause::TextAfterQuote('\''), "'s"),
        ("a: [b\nc: d\n", bracket('[', 3), "["),
        ("a: {b: c\nd: e\n", bracket('{', 3), "{"),
        ("a:b\nc: d\n", Cause::MissingBlankAfterColon, ":"),
        ("c: d\na:b\ne: f\n", Cause::MissingBlankAfterColon, ":"),
        ("- a\n-b\n- c\n", Cause::MissingBlankAfterDash, "-"),
        ("a: b: c\n", Cause::ColonInPlainValue, ":"),
        ("a: b\nword\nc: d\n", Cause::MissingColon, "word"),
        ("a: - b\n", Cause::DashInValue, "-"),
        ("a: 1\n  b: 2\n", Cause::BadIndent, "b"),
        ("a:\n    b: 1\n  c: 2\n", Cause::BadIndent, "c: 2"),
        ("<<<<<<< ours\na: 1\n=======\na: 2\n>>>>>>> theirs\n", Cause::ConflictMarker, "<<<<<<< ours"),
        ("a: 1\n---\nb: 2\n", Cause::SeveralDocuments, "---"),
        ("a: !x b\n", Cause::UnknownTag("!x".to_owned()), "!x"),
        ("a: *b\n", Cause::UndefinedAlias("b".to_owned()), "*b"),
        ("[a]: b\n", Cause::NonHashableKey, "[a]"),
        ("a: {<<: b}\n", Cause::BadMerge, "b"),
        ("a: =\n", Cause::ValueTag, "="),
        ("a: <<\n", Cause::MergeTag, "<<"),
        ("a: 2015-02-30\n", Cause::BadScalar, "2015-02-30"),
        ("a: \u{7}\n", Cause::NonPrintable('\u{7}'), "\u{7}"),
        ("a: \"\\q\"\n", Cause::BadEscape(Span::new(4, 6)), "\\q"),
    ] {
        let error = read(text.as_bytes()).unwrap_err();
        assert_eq!((&error.cause, error.span.of(error.source.text())), (&cause, place), "{text:?}");
    }
    let error = read(b"a: \xff\n").unwrap_err();
    assert_eq!((&error.cause, error.span.of(error.source.text())), (&Cause::NotUtf8, "\u{FFFD}"));
}
