//! Implicit types of plain scalars: the YAML 1.1 rules as PyYAML's safe loader applies them.
//!
//! The first byte decides which few types are possible; most texts can only be strings.

use super::timestamp;

/// What a plain scalar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// `~`, `null`, `Null`, `NULL` or nothing.
    Null,
    /// `yes`, `no`, `true`, `false`, `on`, `off`: lower case, capitalised or upper case.
    Bool(bool),
    /// Decimal, octal (leading `0`), `0x`, `0b`, or base 60 with colons.
    Int,
    /// With a dot; an exponent needs its sign.
    Float,
    /// `2015-01-01`
    Date,
    /// A date with a time.
    DateTime,
    /// `<<`
    Merge,
    /// `=`
    Value,
    /// Everything else.
    Str,
}

const BOOL: u8 = 1;
const NULL: u8 = 2;
const NUMBER: u8 = 4;
const DATE: u8 = 8;
const OTHER: u8 = 16;

/// Which types can start with a byte.
static FIRST: [u8; 256] = first_bytes();

const fn first_bytes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "the loop stays below 256")]
        let b = byte as u8;
        table[byte] = match b {
            b'y' | b'Y' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' => BOOL,
            b'n' | b'N' => BOOL | NULL,
            b'~' => NULL,
            b'0'..=b'9' => NUMBER | DATE,
            b'-' | b'+' | b'.' => NUMBER,
            b'<' | b'=' => OTHER,
            _ => 0,
        };
        byte += 1;
    }
    table
}

/// The type that the safe loader gives to an unquoted `text`.
#[inline]
pub fn resolve_plain(text: &str) -> Scalar {
    let Some(&first) = text.as_bytes().first() else { return Scalar::Null };
    match FIRST[usize::from(first)] {
        0 => Scalar::Str,
        possible => resolve_possible(text, possible),
    }
}

fn resolve_possible(text: &str, possible: u8) -> Scalar {
    if possible & NUMBER != 0 {
        return resolve_number(text.as_bytes(), possible);
    }
    match text {
        "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Scalar::Bool(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Scalar::Bool(false),
        "<<" => Scalar::Merge,
        "=" => Scalar::Value,
        _ => Scalar::Str,
    }
}

fn resolve_number(text: &[u8], possible: u8) -> Scalar {
    let unsigned = match text {
        [b'-' | b'+', rest @ ..] => rest,
        _ => text,
    };
    match unsigned {
        [b'0'..=b'9', ..] => {}
        [b'.', ..] => {
            return if dotted_float(text, unsigned) { Scalar::Float } else { Scalar::Str };
        }
        _ => return Scalar::Str,
    }
    let digits = run(unsigned, |b| b.is_ascii_digit() || b == b'_');
    match unsigned.get(digits) {
        None if decimal_or_octal(unsigned) => Scalar::Int,
        Some(b'.') if fraction(&unsigned[digits + 1..]) => Scalar::Float,
        Some(b':') => base_60(&unsigned[digits..], unsigned[0] != b'0'),
        Some(b'x') if prefixed(unsigned, |b| b.is_ascii_hexdigit() || b == b'_') => Scalar::Int,
        Some(b'b') if prefixed(unsigned, |b| matches!(b, b'0' | b'1' | b'_')) => Scalar::Int,
        Some(b'-') if possible & DATE != 0 => timestamp::resolve(text),
        _ => Scalar::Str,
    }
}

/// Length of the leading run of bytes that `accepts`.
fn run(text: &[u8], accepts: impl Fn(u8) -> bool) -> usize {
    text.iter().position(|b| !accepts(*b)).unwrap_or(text.len())
}

/// Digits and underscores, octal if the first is a zero.
fn decimal_or_octal(text: &[u8]) -> bool {
    match text {
        [b'0', rest @ ..] => rest.iter().all(|b| matches!(b, b'0'..=b'7' | b'_')),
        _ => true,
    }
}

fn prefixed(text: &[u8], accepts: impl Fn(u8) -> bool) -> bool {
    matches!(text, [b'0', _, rest @ ..] if !rest.is_empty() && rest.iter().all(|b| accepts(*b)))
}

/// What may follow the dot: digits, underscores, an exponent with a sign.
fn fraction(text: &[u8]) -> bool {
    exponent(&text[run(text, |b| b.is_ascii_digit() || b == b'_')..])
}

fn exponent(text: &[u8]) -> bool {
    match text {
        [] => true,
        [b'e' | b'E', b'-' | b'+', digits @ ..] => {
            !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// Floats that start with a dot: digits only without a sign, infinity with or without, not-a-number without.
fn dotted_float(text: &[u8], unsigned: &[u8]) -> bool {
    if matches!(unsigned, b".inf" | b".Inf" | b".INF") {
        return true;
    }
    if text.len() != unsigned.len() {
        return false;
    }
    matches!(text, b".nan" | b".NaN" | b".NAN")
        || matches!(text, [b'.', b'0'..=b'9', rest @ ..] if fraction(rest))
}

/// `:SS` groups of 0 to 59, for a float with a dot at the end.
fn base_60(mut text: &[u8], may_be_int: bool) -> Scalar {
    while let [b':', rest @ ..] = text {
        text = match rest {
            [b'0'..=b'5', b'0'..=b'9', rest @ ..] | [b'0'..=b'9', rest @ ..] => rest,
            _ => return Scalar::Str,
        };
    }
    match text {
        [] if may_be_int => Scalar::Int,
        [b'.', rest @ ..] if rest.iter().all(|b| b.is_ascii_digit() || *b == b'_') => Scalar::Float,
        _ => Scalar::Str,
    }
}
