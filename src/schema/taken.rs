//! Which values are taken where another type is meant ([`Lax`](crate::model::table::Lax)).

use crate::model::table::Also;
use crate::yaml::{Kind, Value};

/// Whether a value is among those that are taken though they should be something else.
pub(super) fn takes(also: Also, value: Value<'_>) -> bool {
    match also {
        Also::Anything => true,
        Also::Json => {
            !matches!(value.kind(), Kind::Date | Kind::DateTime | Kind::Binary | Kind::Set)
                && value.as_f64().is_none_or(f64::is_finite)
        }
        Also::Scalars => !matches!(value.kind(), Kind::Seq | Kind::Map | Kind::Set | Kind::Binary),
        Also::Numbers => match value.kind() {
            Kind::Bool => true,
            Kind::Int | Kind::Float => value.as_number().is_some_and(f64::is_finite),
            _ => false,
        },
        Also::Booleans => value.kind() == Kind::Bool,
        Also::Empty => match value.kind() {
            Kind::Null => true,
            Kind::Bool => value.as_bool() == Some(false),
            Kind::Int | Kind::Float => value.as_number() == Some(0.0),
            Kind::Str => value.text().is_empty(),
            Kind::Seq | Kind::Map | Kind::Set => value.is_empty(),
            Kind::Date | Kind::DateTime | Kind::Binary => false,
        },
        Also::EmptyList => value.kind() == Kind::Seq && value.is_empty(),
        Also::Text => value.kind() == Kind::Str,
        Also::Form(form) => value.as_str().is_some_and(form.test),
    }
}
