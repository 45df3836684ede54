//! Time spans as Sensu's library reads them (`pysensu_yelp.human_to_seconds`).

use crate::emit::Refusal;
use crate::emit::python::{Data, Value};

/// Seconds of a unit; a month is 30 days.
const fn unit(letter: char) -> Option<i64> {
    Some(match letter {
        'Y' => 365 * 86_400,
        'M' => 30 * 86_400,
        'W' => 7 * 86_400,
        'D' => 86_400,
        'h' => 3600,
        'm' => 60,
        's' => 1,
        _ => return None,
    })
}

/// The span that `value` of the field `key` says, in seconds; null stays null.
///
/// # Errors
/// Text that is not digits and a unit, maybe several times; anything else than text, unless it is
/// false or 0, which the library takes for nothing.
pub fn seconds<'s>(value: &Value<'s>, key: &str) -> Result<Value<'s>, Refusal> {
    let seconds = match &value.data {
        Data::None => return Ok(value.clone()),
        Data::Str(text) => parse(text).ok_or_else(|| {
            Refusal::new("Exception", format!("`{key}` is `{text}`, which Sensu's library cannot read"))
                .at(value.origin)
                .help("write digits and a unit, as in `90s`, `10m`, `1h30m`; units are s m h D W M Y, where M is a month")
        })?,
        _ if !value.is_truthy() => 0,
        _ => {
            return Err(Refusal::new("TypeError", format!("`{key}` is not text"))
                .at(value.origin)
                .help("write digits and a unit in text, as in `10m`"));
        }
    };
    Ok(Value::new(Data::Int(seconds), value.origin))
}

fn parse(mut text: &str) -> Option<i64> {
    let mut total = 0_i64;
    while !text.is_empty() {
        let end = text.find(|c: char| !c.is_ascii_digit())?;
        let (digits, rest) = text.split_at_checked(end)?;
        let letter = rest.chars().next()?;
        let part = digits.parse::<i64>().ok()?.checked_mul(unit(letter)?)?;
        total = total.checked_add(part)?;
        text = rest.get(letter.len_utf8()..)?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_the_library_reads_them() {
        for (text, expected) in [
            ("10m", Some(600)),
            ("10M", Some(25_920_000)),
            ("1h30m", Some(5400)),
            ("1D", Some(86_400)),
            ("0s", Some(0)),
            ("", Some(0)),
            ("1M1W3D4h2s", Some(2_592_000 + 604_800 + 3 * 86_400 + 4 * 3600 + 2)),
            ("1h 30m", None),
            ("1d", None),
            ("0", None),
            ("30", None),
            ("10min", None),
            ("1.5h", None),
            ("-1m", None),
            ("2H", None),
            ("10 m", None),
            ("m", None),
            ("99999999999999999999s", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
        let zero = seconds(&Value::default(0), "alert_after").map(|value| value.data.as_str().is_none());
        assert_eq!(zero, Ok(true));
        assert!(seconds(&Value::default(60), "alert_after").is_err());
        assert!(seconds(&Value::default(Data::None), "ttl").is_ok_and(|value| value.is_none()));
    }
}
