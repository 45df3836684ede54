//! How the recorder writes values.

use serde_json::Value as Json;
use soalint::emit::python::{Data, Dict, Origin, Value, dumps};

/// A recorded value as `dumps` writes it.
pub(super) fn recorded_text(recorded: &Json) -> String {
    dumps(&large_integers(Value::of_json(recorded.clone(), Origin::Default))).expect("JSON")
}

/// The same text with the keys of every object in the order of their texts: the recorder's
/// document knows no other keys than text.
pub(super) fn recorded_order(text: &str) -> String {
    recorded_text(&serde_json::from_str(&quote_large_integers(text)).expect("JSON"))
}

/// The integers that `quote_large_integers` put aside.
fn large_integers(value: Value<'static>) -> Value<'static> {
    let data = match value.data {
        Data::Dict(dict) => {
            let digits = dict.get(LARGE).and_then(Value::as_str);
            if let Some(number) = digits.and_then(|digits| digits.parse().ok()) {
                Data::Big(Box::new(number))
            } else {
                let mut entries = Dict::new();
                for entry in dict.into_entries() {
                    entries.push(entry.key, large_integers(entry.value));
                }
                Data::Dict(entries)
            }
        }
        Data::List(items) => Data::List(items.into_iter().map(large_integers).collect()),
        other => other,
    };
    Value::new(data, value.origin)
}

/// Key of an object that stands for an integer that `serde_json` would turn into a float.
const LARGE: &str = "large integer";

/// Puts integers of 19 digits and more into objects of their own.
pub(super) fn quote_large_integers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_string = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if in_string || !(c == '-' || c.is_ascii_digit()) {
            out.push(c);
            if c == '\\' && in_string {
                out.extend(chars.next());
            }
            in_string ^= c == '"';
            continue;
        }
        let mut number = c.to_string();
        while let Some(next) = chars.next_if(|next| next.is_ascii_digit() || "+-.eE".contains(*next)) {
            number.push(next);
        }
        if number.len() >= 19 && number.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit()) {
            out.extend(["{\"", LARGE, "\": \"", &number, "\"}"]);
        } else {
            out.push_str(&number);
        }
    }
    out
}

/// A value as the recorder writes it: what JSON has no word for becomes a mapping that says so.
pub(super) fn recorded_form<'t>(value: &Value<'t>) -> Value<'t> {
    let marked = |kind: &'static str, text: String| {
        let entries = [("__python__", Value::default(kind)), ("value", Value::computed(text))];
        Data::Dict(Dict::of(entries))
    };
    let data = match &value.data {
        Data::Float(number) if !number.is_finite() => {
            let text = if number.is_nan() {
                "nan"
            } else if *number > 0.0 {
                "inf"
            } else {
                "-inf"
            };
            marked("float", text.to_owned())
        }
        Data::Opaque(object) => marked(object.kind, object.plain.clone()),
        Data::List(items) => Data::List(items.iter().map(recorded_form).collect()),
        Data::Dict(dict) => {
            let mut entries = Dict::new();
            for entry in dict {
                entries.push(entry.key.clone(), recorded_form(&entry.value));
            }
            Data::Dict(entries)
        }
        other => other.clone(),
    };
    Value::new(data, value.origin)
}
