//! Keywords of JSON Schema, of what the table of keys says.

use serde_json::{Map, Value, json};

use super::describe::{is_scalar, joined, plain};
use crate::model::table::{Also, Form, Key, Range, Shape, WordList};

pub(super) type Object = Map<String, Value>;

/// `text` as JSON, or as a string if it is none.
pub(super) fn json_or_text(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| json!(text))
}

/// 1000 rather than 1000.0.
fn number(value: f64) -> Value {
    serde_json::from_str(&value.to_string()).unwrap_or_else(|_| json!(value))
}

pub(super) fn object<const N: usize>(entries: [(&str, Value); N]) -> Object {
    entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A sentence with its capital and full stop.
pub(super) fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    characters
        .next()
        .map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), characters.as_str()))
}

pub(super) fn form_schema(form: &Form) -> Object {
    object([
        ("type", json!("string")),
        ("pattern", json!(form.pattern)),
        ("patternErrorMessage", json!(plain(&format!("{} is {}", form.what, form.rule)))),
    ])
}

/// With `errorMessage`, since editors say of a value that is no text both that it is none and that it
/// is none of the words; and with `type`, which they need to offer a key that must be there.
pub(super) fn word_schema(list: &WordList) -> Object {
    let words: Vec<&str> = list.words.iter().map(|word| word.text).collect();
    let meanings: Vec<String> = list.words.iter().map(|word| joined(&word.markdown())).collect();
    object([
        ("type", json!("string")),
        ("enum", json!(words)),
        ("markdownEnumDescriptions", json!(meanings)),
        ("errorMessage", json!(one_of(&words))),
    ])
}

/// What to say of a value that is none of the words.
pub(super) fn one_of(words: &[&str]) -> String {
    match words {
        [word] => format!("must be {word}"),
        words => format!("must be one of {}", words.join(", ")),
    }
}

/// A schema that nothing is valid by. Of `false` and `not`, editors say that a schema matches; of these
/// two, `message`.
pub(super) fn never(message: &str) -> Value {
    let kinds = ["string", "number"].map(|kind| json!({"type": kind, "errorMessage": message}));
    json!({ "allOf": kinds })
}

/// The values that editors offer for a key: its examples, its suggestions and, unless that is there as
/// such, its default. Suggestions of a list are offered for its items.
///
/// A single value is none to offer: editors would write it into the file together with the key. Of a
/// number they would write 0 then, so that numbers have two examples.
pub(super) fn offered(key: &Key, default: Option<&Value>, is_default_there: bool) -> Vec<Value> {
    let examples = [key.example, key.other_example].into_iter().filter(|text| !text.is_empty());
    let examples = examples.map(json_or_text).filter(is_scalar);
    let is_list = matches!(key.shape, Shape::List(_));
    let suggestions = key.suggestions.iter().filter(|_| !is_list).map(|text| json!(text));
    let default = default.filter(|value| !is_default_there && is_scalar(value) && !value.is_null());
    let mut offered: Vec<Value> = Vec::new();
    for value in examples.chain(suggestions).chain(default.cloned()) {
        if !offered.contains(&value) {
            offered.push(value);
        }
    }
    let is_single = offered.len() == 1 && !is_default_there && !matches!(key.shape, Shape::Word(_));
    if is_single && !offered.iter().any(Value::is_number) {
        offered.clear();
    }
    offered
}

pub(super) fn ranged(name: &str, range: Option<Range>) -> Object {
    let mut schema = object([("type", json!(name))]);
    let Some(range) = range else { return schema };
    let limits = [("minimum", range.min), ("exclusiveMinimum", range.above), ("maximum", range.max)];
    for (keyword, limit) in limits {
        if let Some(limit) = limit {
            schema.insert(keyword.into(), number(limit));
        }
    }
    if range.whole {
        schema.insert("multipleOf".into(), json!(1));
    }
    schema
}

/// One schema for alternatives of different types: the keywords of each look at its type only.
pub(super) fn merge_alternatives(alternatives: Vec<Object>) -> Object {
    let mut types = Vec::new();
    let mut merged = Object::new();
    for mut alternative in alternatives {
        match alternative.remove("type") {
            Some(Value::Array(several)) => types.extend(several),
            one => types.extend(one),
        }
        merged.extend(alternative);
    }
    let has_numbers = types.contains(&json!("number"));
    let mut distinct: Vec<Value> = Vec::with_capacity(types.len());
    for one in types {
        let is_said = distinct.contains(&one) || (has_numbers && one == "integer");
        if !is_said {
            distinct.push(one);
        }
    }
    let mut schema = object([("type", Value::Array(distinct))]);
    schema.extend(merged);
    schema
}

/// The types of JSON.
pub(super) const EVERY_TYPE: [&str; 6] = ["boolean", "string", "number", "object", "array", "null"];

/// The keywords for what is taken beside a shape.
pub(super) fn also_schema(also: Also, beside: &Shape, range: Option<Range>) -> Object {
    match also {
        Also::Anything | Also::Json => object([("type", json!(EVERY_TYPE))]),
        Also::Scalars => object([("type", json!(["string", "number", "boolean", "null"]))]),
        Also::Numbers => {
            merge_alternatives(vec![ranged("number", range), object([("type", json!("boolean"))])])
        }
        Also::Booleans => object([("type", json!("boolean"))]),
        Also::Empty => {
            // The keywords of a type that the shape has would narrow it.
            let mut schema = object([
                ("type", json!(["null", "boolean", "number", "array"])),
                ("minimum", json!(0)),
                ("maximum", json!(0)),
                ("maxItems", json!(0)),
                ("not", json!({"enum": [true]})),
            ]);
            let (other, limit) = match beside {
                Shape::Map(_) => ("string", "maxLength"),
                _ => ("object", "maxProperties"),
            };
            schema.insert(limit.into(), json!(0));
            merge_alternatives(vec![schema, object([("type", json!(other))])])
        }
        Also::EmptyList => object([("type", json!("array")), ("maxItems", json!(0))]),
        Also::Text => object([("type", json!("string"))]),
        Also::Form(form) => form_schema(form),
    }
}
