//! Settings of Sensu checks that are times.

use crate::effective::time_span;
use crate::emit::Refusal;
use crate::emit::python::{Data, Value};

/// The span that `value` of the field `key` says, in seconds; null stays null.
///
/// # Errors
/// Text that is not digits and a unit, maybe several times; anything else than text, unless it is
/// false or 0, which the library takes for nothing.
pub fn seconds<'s>(value: &Value<'s>, key: &str) -> Result<Value<'s>, Refusal> {
    let seconds = match &value.data {
        Data::None => return Ok(value.clone()),
        Data::Str(text) => time_span(text).map(|span| Data::from(span.seconds())).ok_or_else(|| {
            Refusal::new("Exception", format!("`{key}` is `{text}`, which Sensu's library cannot read"))
                .at(value.origin)
                .help("write digits and a unit, as in `90s`, `10m`, `1h30m`; units are s m h D W M Y, where M is a month")
        })?,
        _ if !value.is_truthy() => Data::Int(0),
        _ => {
            return Err(Refusal::new("TypeError", format!("`{key}` is not text"))
                .at(value.origin)
                .help("write digits and a unit in text, as in `10m`"));
        }
    };
    Ok(Value::new(seconds, value.origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_python_calls_false_is_no_time() {
        let zero = seconds(&Value::default(0), "alert_after").map(|value| value.data.as_str().is_none());
        assert_eq!(zero, Ok(true));
        let long = seconds(&Value::default("99999999999999999999s"), "alert_after");
        let shown = long.map(|value| crate::emit::python::str(&value).into_owned());
        assert_eq!(shown.as_deref(), Ok("99999999999999999999"));
        assert!(seconds(&Value::default(60), "alert_after").is_err());
        assert!(seconds(&Value::default(Data::None), "ttl").is_ok_and(|value| value.is_none()));
    }
}
