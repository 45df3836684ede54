//! Python's `==`, for membership tests and for keys.

use super::value::{Data, Dict, Value};

impl PartialEq for Data<'_> {
    /// `==` of Python: `1`, `1.0` and `True` are equal; texts are equal to texts only.
    fn eq(&self, other: &Data<'_>) -> bool {
        match (self, other) {
            (Data::None, Data::None) => true,
            (Data::Str(a), Data::Str(b)) => a == b,
            (Data::Opaque(a), Data::Opaque(b)) => a == b,
            (Data::List(a), Data::List(b)) => a.iter().map(|v| &v.data).eq(b.iter().map(|v| &v.data)),
            (Data::Dict(a), Data::Dict(b)) => a == b,
            (Data::Big(a), Data::Big(b)) => a == b,
            (a, b) => match (a.as_number(), b.as_number()) {
                // Between an i64 and a float, Python compares exactly; a float beyond 2^53 that
                // equals the nearest float of another integer is too rare to matter here.
                (Some(a), Some(b)) => a == b,
                _ => false,
            },
        }
    }
}

impl PartialEq for Value<'_> {
    /// Values are compared without their origins.
    fn eq(&self, other: &Value<'_>) -> bool {
        self.data == other.data
    }
}

impl PartialEq for Dict<'_> {
    fn eq(&self, other: &Dict<'_>) -> bool {
        self.len() == other.len()
            && self
                .iter()
                .all(|ours| other.iter().any(|theirs| ours.key == theirs.key && ours.value == theirs.value))
    }
}

impl Data<'_> {
    /// The value of a bool, an integer or a float.
    #[expect(clippy::cast_precision_loss, reason = "see `eq`")]
    fn as_number(&self) -> Option<f64> {
        match self {
            Data::Bool(value) => Some(f64::from(u8::from(*value))),
            Data::Int(number) => Some(*number as f64),
            Data::Float(number) => Some(*number),
            _ => None,
        }
    }
}
