//! Our Python values against what `CPython` was recorded to do (`tests/data/python`).

use proptest::prelude::*;
use serde_json::Value as Json;
use soalint::emit::python::{Data, Dict, Origin, Value, ceil, dumps, format, quota, str, truncate};

use crate::data;

/// A number as `repr` writes it.
fn number(text: &str) -> Value<'static> {
    Value::computed(match text {
        "True" => Data::Bool(true),
        "False" => Data::Bool(false),
        _ if text.contains(['.', 'e', 'n']) => Data::Float(text.parse().expect("a float")),
        _ => text.parse().map_or_else(|_| Data::Big(Box::new(text.parse().expect("digits"))), Data::Int),
    })
}

/// A recorded argument: texts begin with `s`, numbers with `n`.
fn argument(recorded: &Json) -> Value<'static> {
    Value::computed(match recorded {
        Json::String(text) => match text.strip_prefix('n') {
            Some(digits) => return number(digits),
            None => Data::from(text.strip_prefix('s').expect("a mark").to_owned()),
        },
        Json::Array(items) => Data::List(items.iter().map(argument).collect()),
        Json::Object(entries) => {
            let mut dict = Dict::new();
            for (key, value) in entries {
                dict.push(Data::from(key.clone()), argument(value));
            }
            Data::Dict(dict)
        }
        plain => return Value::of_json(plain.clone(), Origin::Default),
    })
}

#[test]
fn values_are_what_python_makes_of_them() {
    let rows = data::rows(&data::path("python"), "values");
    for line in &rows {
        let of = |index: usize| number(line["of"][index].as_str().expect("a number"));
        let gives = line["gives"].as_str();
        match line["op"].as_str().expect("an operation") {
            "quota" => {
                let result = quota(&of(0), &of(1), &of(2));
                let shown = result.as_ref().map_or_else(
                    |error| error.name.to_owned(),
                    |value| str(&Value::computed(*value)).into_owned(),
                );
                assert_eq!(Some(shown.as_str()), gives, "{line}");
                let whole = result.and_then(|value| truncate(&Value::computed(value)));
                let whole = whole.unwrap_or_else(|error| error.name.to_owned());
                assert_eq!(Some(whole.as_str()), line["whole"].as_str(), "{line}");
            }
            "ceil" => assert_eq!(ceil(&of(0)).ok().as_deref(), gives, "{line}"),
            "int" => assert_eq!(truncate(&of(0)).ok().as_deref(), gives, "{line}"),
            "dumps" => {
                let value = argument(&line["of"]);
                assert_eq!(dumps(&value).ok().as_deref(), gives, "{line}");
                assert_eq!(Some(&*str(&value)), line["str"].as_str(), "{line}");
            }
            "format" => {
                let names = [("cluster", "west-prod"), ("instance", "main_é"), ("service", "s")];
                let result = format(line["of"].as_str().expect("a template"), &names);
                assert_eq!(result.as_ref().ok().map(String::as_str), gives, "{line}");
                assert_eq!(result.err().map(|error| error.name), line["raises"].as_str(), "{line}");
            }
            other => panic!("{other}"),
        }
    }
    assert!(rows.len() > 3000, "only {} rows", rows.len());
}

proptest! {
    /// Sorted JSON is ASCII, and means the same.
    #[test]
    fn dumped_text_reads_back(text in "\\PC{0,20}|[\\x00-\\x{ff}]{0,20}", number in any::<f64>()) {
        let mut dict = Dict::new();
        dict.push(Data::from(text.clone()), Value::computed(number));
        dict.push(Data::from(text.clone() + "x"), Value::computed(text.clone()));
        let dumped = dumps(&Value::computed(dict));
        if let (Ok(dumped), true) = (dumped, number.is_finite()) {
            prop_assert!(dumped.is_ascii());
            let back: Json = serde_json::from_str(&dumped).expect("JSON");
            prop_assert_eq!(back[&text].as_f64(), Some(number));
        }
    }
}
