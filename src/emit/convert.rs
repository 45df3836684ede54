//! Small conversions that several payloads need.

use std::borrow::Cow;

use crate::emit::python::{self, Data, Dict, Exception, Value};

/// A copy that borrows nothing.
pub(crate) fn owned(value: &Value<'_>) -> Value<'static> {
    Value::new(owned_data(&value.data), value.origin)
}

fn owned_data(data: &Data<'_>) -> Data<'static> {
    match data {
        Data::None => Data::None,
        Data::Bool(value) => Data::Bool(*value),
        Data::Int(number) => Data::Int(*number),
        Data::Big(number) => Data::Big(number.clone()),
        Data::Float(number) => Data::Float(*number),
        Data::Str(text) => Data::Str(Cow::Owned(text.clone().into_owned())),
        Data::Opaque(object) => Data::Opaque(object.clone()),
        Data::List(items) => Data::List(items.iter().map(owned).collect()),
        Data::Dict(dict) => {
            let mut copy = Dict::new();
            for entry in dict {
                copy.push(owned_data(&entry.key), owned(&entry.value));
            }
            Data::Dict(copy)
        }
    }
}

/// `int(value)`, as far as it fits 64 bits: of a number towards zero, of text that is an integer.
///
/// # Errors
/// Everything else.
pub(crate) fn int(value: &Value<'_>) -> Result<i64, Exception> {
    let wrong = |shown: &str| Exception::new("ValueError", format!("{shown} is not an integer"));
    if let Data::Str(text) = &value.data {
        let digits = text.trim();
        let unsigned = digits.strip_prefix(['+', '-']).unwrap_or(digits);
        let is_number =
            unsigned.split('_').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
        return is_number
            .then(|| digits.replace('_', "").parse().ok())
            .flatten()
            .ok_or_else(|| wrong(&python::repr(&value.data)));
    }
    let digits = python::truncate(value)?;
    digits.parse().map_err(|_| wrong(&digits))
}
