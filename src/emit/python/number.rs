//! Arithmetic on numbers that may be integers or floats.

use num_bigint::BigInt;

use super::Exception;
use super::value::{Data, Value};

/// The float nearest to a bool, an integer or a float.
#[expect(clippy::cast_precision_loss, reason = "the nearest float is what is asked for")]
pub(super) fn as_f64(data: &Data<'_>) -> Option<f64> {
    match data {
        Data::Bool(value) => Some(f64::from(u8::from(*value))),
        Data::Int(number) => Some(*number as f64),
        // Decimal text to float rounds correctly, whatever the size.
        Data::Big(number) => number.to_string().parse().ok(),
        Data::Float(number) => Some(*number),
        _ => None,
    }
}

/// The exact value of a bool or an integer.
fn as_big(data: &Data<'_>) -> Option<BigInt> {
    match data {
        Data::Bool(value) => Some(BigInt::from(u8::from(*value))),
        Data::Int(number) => Some(BigInt::from(*number)),
        Data::Big(number) => Some((**number).clone()),
        _ => None,
    }
}

/// Whether arithmetic takes it: a bool, an integer or a float.
pub fn is_number(value: &Value<'_>) -> bool {
    as_f64(&value.data).is_some()
}

/// `float(value)`: of a number, or of text that is one.
///
/// # Errors
/// Everything else.
pub fn to_float(value: &Value<'_>) -> Result<f64, Exception> {
    if let Some(number) = as_f64(&value.data) {
        if number.is_infinite() && matches!(value.data, Data::Big(_)) {
            return Err(Exception::new("OverflowError", "the number is too large for a float"));
        }
        return Ok(number);
    }
    let Some(text) = value.as_str() else {
        return Err(Exception::type_error(format!("it is {}, not a number", value.noun())));
    };
    parse(text).ok_or_else(|| Exception::new("ValueError", format!("`{text}` is not a number")))
}

/// Text as `float()` reads it: blanks around, `_` between digits, `inf`, `nan`.
fn parse(text: &str) -> Option<f64> {
    let text = text.trim();
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let misplaced =
        |(at, byte): (usize, &u8)| *byte == b'_' && !(digit(at.checked_sub(1)) && digit(Some(at + 1)));
    if bytes.iter().enumerate().any(misplaced) {
        return None;
    }
    text.replace('_', "").parse().ok()
}

/// An integer as decimal text: `int(value)` of a number, towards zero.
///
/// # Errors
/// Not a number; not finite.
pub fn truncate(value: &Value<'_>) -> Result<String, Exception> {
    whole(value, f64::trunc)
}

/// `int(math.ceil(value))` as decimal text.
///
/// # Errors
/// Not a number; not finite.
pub fn ceil(value: &Value<'_>) -> Result<String, Exception> {
    whole(value, f64::ceil)
}

fn whole(value: &Value<'_>, round: impl Fn(f64) -> f64) -> Result<String, Exception> {
    match &value.data {
        Data::Bool(value) => Ok(u8::from(*value).to_string()),
        Data::Int(number) => Ok(number.to_string()),
        Data::Big(number) => Ok(number.to_string()),
        Data::Float(number) => integer(round(*number)),
        _ => Err(Exception::type_error(format!("it is {}, not a number", value.noun()))),
    }
}

/// A float without a fraction, as the integer that it is.
fn integer(number: f64) -> Result<String, Exception> {
    if number.is_nan() {
        return Err(Exception::new("ValueError", "NaN is no integer"));
    }
    if number.is_infinite() {
        return Err(Exception::new("OverflowError", "infinity is no integer"));
    }
    // Adding zero turns -0.0 into 0.0.
    Ok(format!("{:.0}", number + 0.0))
}

/// `cpus * period * (100 + burst) / 100`, from left to right: exact while all are integers, in
/// floats from the first float on; the division always gives a float.
///
/// # Errors
/// Not a number; too large for a float.
pub fn quota(cpus: &Value<'_>, period: &Value<'_>, burst: &Value<'_>) -> Result<f64, Exception> {
    let wrong = |value: &Value<'_>| Exception::type_error(format!("it is {}, not a number", value.noun()));
    for value in [cpus, period, burst] {
        if !is_number(value) {
            return Err(wrong(value));
        }
    }
    let factor = add_hundred(&burst.data);
    divide_by_hundred(&multiply(&multiply(&cpus.data, &period.data)?, &factor)?)
}

fn add_hundred(burst: &Data<'_>) -> Data<'static> {
    match (as_big(burst), as_f64(burst)) {
        (Some(number), _) => Data::Big(Box::new(number + 100)),
        (None, number) => Data::Float(100.0 + number.unwrap_or(f64::NAN)),
    }
}

fn multiply(a: &Data<'_>, b: &Data<'_>) -> Result<Data<'static>, Exception> {
    if let (Some(a), Some(b)) = (as_big(a), as_big(b)) {
        return Ok(Data::Big(Box::new(a * b)));
    }
    let float = |data: &Data<'_>| to_float(&Value::computed(as_f64(data).unwrap_or(f64::NAN)));
    Ok(Data::Float(float(a)? * float(b)?))
}

fn divide_by_hundred(number: &Data<'_>) -> Result<f64, Exception> {
    let quotient = match number {
        // Dividing by 100 moves the decimal point; the text then rounds once, as Python does.
        Data::Big(number) => format!("{number}e-2").parse().unwrap_or(f64::NAN),
        data => as_f64(data).unwrap_or(f64::NAN) / 100.0,
    };
    if quotient.is_infinite() && matches!(number, Data::Big(_)) {
        return Err(Exception::new("OverflowError", "the result is too large for a float"));
    }
    Ok(quotient)
}
