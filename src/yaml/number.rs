//! Values of integers and floats, by the rules of PyYAML's constructors and Python's conversions.

use super::chars::python_str;
use num_bigint::BigInt;
use std::borrow::Cow;

/// Python refuses to convert longer decimal texts (`sys.set_int_max_str_digits`, since 3.10.7).
const MAX_DECIMAL_DIGITS: usize = 4300;

/// Longer numbers in other bases are refused by us, since writing them in decimal is quadratic.
const MAX_TEXT: usize = 16_384;

/// An integer of any size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Int {
    Small(i64),
    Big(Box<BigInt>),
}

/// Why a text is no number: a Python exception and its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NumberError {
    pub(super) exception: &'static str,
    pub(super) problem: String,
}

impl NumberError {
    fn value(problem: String) -> Self {
        Self { exception: "ValueError", problem }
    }

    fn index() -> Self {
        Self { exception: "IndexError", problem: "string index out of range".to_owned() }
    }
}

impl std::fmt::Display for Int {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Small(number) => number.fmt(f),
            Self::Big(number) => number.fmt(f),
        }
    }
}

impl From<BigInt> for Int {
    fn from(number: BigInt) -> Self {
        i64::try_from(&number).map_or_else(|_| Self::Big(Box::new(number)), Self::Small)
    }
}

impl Int {
    fn negated(self, negative: bool) -> Self {
        match self {
            number if !negative => number,
            Self::Small(number) => {
                number.checked_neg().map_or_else(|| (-BigInt::from(number)).into(), Self::Small)
            }
            Self::Big(number) => (-*number).into(),
        }
    }

    /// The nearest float; infinite beyond the range of floats.
    pub(super) fn to_f64(&self) -> f64 {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "the nearest float is what is asked for")]
            Self::Small(number) => *number as f64,
            // Decimal text to float rounds correctly, whatever the size.
            Self::Big(number) => number.to_string().parse().unwrap_or(f64::NAN),
        }
    }
}

/// Removes underscores and a sign.
fn unsigned(text: &str) -> Result<(bool, Cow<'_, str>), NumberError> {
    let digits: Cow<'_, str> = if text.contains('_') { text.replace('_', "").into() } else { text.into() };
    let negative = digits.starts_with('-');
    if digits.is_empty() {
        return Err(NumberError::index());
    }
    if !digits.starts_with(['-', '+']) {
        return Ok((false, digits));
    }
    Ok((
        negative,
        match digits {
            Cow::Borrowed(digits) => digits.get(1..).unwrap_or("").into(),
            Cow::Owned(digits) => digits.get(1..).unwrap_or("").to_owned().into(),
        },
    ))
}

/// The value of a usual integer: some decimal digits, the first of which is not a zero.
fn plain_int(text: &str) -> Option<i64> {
    /// Every number of so many digits fits.
    const MOST_DIGITS: usize = 18;
    let is_usual = text.len() <= MOST_DIGITS
        && text.bytes().all(|b| b.is_ascii_digit())
        && matches!(text.as_bytes().first(), Some(b'1'..=b'9'));
    is_usual.then(|| text.bytes().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
}

/// The value of an integer scalar.
pub(super) fn parse_int(text: &str) -> Result<Int, NumberError> {
    if let Some(number) = plain_int(text) {
        return Ok(Int::Small(number));
    }
    let (negative, digits) = unsigned(text)?;
    if digits.len() > MAX_TEXT {
        return Err(too_long(digits.len()));
    }
    let number = match digits.as_bytes() {
        [] => return Err(NumberError::index()),
        b"0" => Int::Small(0),
        [b'0', b'b', ..] => python_int(&digits[2..], 2)?,
        [b'0', b'x', ..] => python_int(&digits[2..], 16)?,
        [b'0', ..] => python_int(&digits, 8)?,
        _ if digits.contains(':') => base_60(&digits)?,
        _ => python_int(&digits, 10)?,
    };
    Ok(number.negated(negative))
}

fn too_long(digits: usize) -> NumberError {
    NumberError::value(format!(
        "Exceeds the limit ({MAX_DECIMAL_DIGITS} digits) for integer string conversion: value has {digits} digits; \
         use sys.set_int_max_str_digits() to increase the limit"
    ))
}

fn base_60(digits: &str) -> Result<Int, NumberError> {
    let mut small = Some(0i64);
    let mut big = BigInt::from(0);
    for part in digits.split(':') {
        let part = python_int(part, 10)?;
        let next = match (&part, small) {
            (Int::Small(part), Some(number)) => number.checked_mul(60).and_then(|n| n.checked_add(*part)),
            _ => None,
        };
        if next.is_none() {
            if let Some(number) = small {
                big = BigInt::from(number);
            }
            big = big * 60
                + match part {
                    Int::Small(part) => BigInt::from(part),
                    Int::Big(part) => *part,
                };
        }
        small = next;
    }
    Ok(small.map_or_else(|| big.into(), Int::Small))
}

/// Python's `int(text, base)`, for texts without underscores.
fn python_int(text: &str, base: u32) -> Result<Int, NumberError> {
    let invalid =
        || NumberError::value(format!("invalid literal for int() with base {base}: {}", python_str(text)));
    let trimmed = text.trim();
    let (negative, digits) = match trimmed.as_bytes().first() {
        Some(b'-') => (true, &trimmed[1..]),
        Some(b'+') => (false, &trimmed[1..]),
        _ => (false, trimmed),
    };
    let prefixes = match base {
        2 => ["0b", "0B"],
        8 => ["0o", "0O"],
        16 => ["0x", "0X"],
        _ => ["\0", "\0"],
    };
    let digits = prefixes.iter().find_map(|prefix| digits.strip_prefix(prefix)).unwrap_or(digits);
    if digits.is_empty() || !digits.bytes().all(|b| char::from(b).is_digit(base)) {
        return Err(invalid());
    }
    if base == 10 && digits.len() > MAX_DECIMAL_DIGITS {
        return Err(too_long(digits.len()));
    }
    let number = match i64::from_str_radix(digits, base) {
        Ok(number) => Int::Small(number),
        Err(_) => BigInt::parse_bytes(digits.as_bytes(), base).ok_or_else(invalid)?.into(),
    };
    Ok(number.negated(negative))
}

/// The value of a float scalar.
pub(super) fn parse_float(text: &str) -> Result<f64, NumberError> {
    let lower = text.to_ascii_lowercase();
    let (negative, digits) = unsigned(&lower)?;
    let value = match digits.as_ref() {
        ".inf" => f64::INFINITY,
        ".nan" => return Ok(f64::NAN),
        digits if digits.contains(':') => {
            let mut value = 0.0;
            let mut base = 1.0;
            let parts = digits.split(':').map(python_float).collect::<Result<Vec<_>, _>>()?;
            for part in parts.into_iter().rev() {
                value += part * base;
                base *= 60.0;
            }
            value
        }
        digits => python_float(digits)?,
    };
    Ok(if negative { -value } else { value })
}

fn python_float(text: &str) -> Result<f64, NumberError> {
    text.trim()
        .parse()
        .map_err(|_| NumberError::value(format!("could not convert string to float: {}", python_str(text))))
}

/// A float as Python's `repr` writes it: the shortest digits that give the same value, an exponent
/// below 1e-4 and from 1e16.
pub(crate) fn float_repr(value: f64) -> String {
    /// Below this every whole number is exact and shorter than its exponent form.
    const WHOLE: f64 = 1e15;
    if !value.is_finite() {
        return if value.is_nan() {
            "nan"
        } else if value > 0.0 {
            "inf"
        } else {
            "-inf"
        }
        .to_owned();
    }
    if value.fract() == 0.0 && value.abs() < WHOLE {
        return format!("{value:.1}");
    }
    let shortest = even_at_tie(value, format!("{value:e}"));
    let (digits, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        return positional(digits, exponent);
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

/// Two shortest texts can be equally near to a float: Python then takes the one whose last digit
/// is even, Rust the larger one.
fn even_at_tie(value: f64, shortest: String) -> String {
    /// Digits behind the tie that must be zero; more would not fit a float of that many digits.
    const ZEROS: usize = 30;
    let Some((mantissa, exponent)) = shortest.split_once('e') else { return shortest };
    let last = mantissa.bytes().last().unwrap_or(b'0');
    let significant = mantissa.bytes().filter(u8::is_ascii_digit).count();
    if significant < 15 || (last - b'0').is_multiple_of(2) {
        return shortest;
    }
    let exact = format!("{value:.*e}", significant + ZEROS);
    let tail: String = "5".to_owned() + &"0".repeat(ZEROS);
    let Some(below) = exact.split_once('e').and_then(|(digits, _)| digits.strip_suffix(&tail)) else {
        return shortest;
    };
    let even = format!("{below}e{exponent}");
    let is_other = below.len() == mantissa.len() && below != mantissa;
    if is_other && even.parse() == Ok(value) { even } else { shortest }
}

/// Digits `d.ddd` times ten to the power of `exponent`, without an exponent.
fn positional(digits: &str, exponent: i32) -> String {
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits),
    };
    let all: String = digits.chars().filter(char::is_ascii_digit).collect();
    let Ok(point) = usize::try_from(exponent + 1) else {
        let zeros = "0".repeat(usize::try_from(-exponent - 1).unwrap_or(0));
        return format!("{sign}0.{zeros}{all}");
    };
    match all.get(..point).zip(all.get(point..)) {
        Some(("", fraction)) => format!("{sign}0.{fraction}"),
        Some((whole, "")) => format!("{sign}{whole}.0"),
        Some((whole, fraction)) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{all:0<point$}.0"),
    }
}
