//! Values as Python has them, and the four things PaaSTA does with them that decide a payload's
//! bytes: `json.dumps`, `str`, arithmetic and `str.format`.
//!
//! A payload's hash is taken over `json.dumps(..., sort_keys=True)`, so an integer must stay an
//! integer, a float must be written as Python writes it, and a key must keep its type. Every value
//! knows where it comes from ([`Origin`]), so that a difference between two payloads can be traced
//! to a line of YAML.

mod compare;
mod format;
mod json;
mod number;
mod text;
mod value;

pub use format::format;
pub use json::{dumps, dumps_without, write_json};
pub use number::{ceil, is_number, quota, to_float, truncate};
pub use text::{repr, str};
pub use value::{Data, Dict, Entry, Opaque, Origin, Value};

use std::fmt;

/// What Python would raise: the exception's type and words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// `TypeError`, `KeyError`, ...
    pub name: &'static str,
    /// What it says, in our words where Python's depend on its version.
    pub message: String,
}

impl Exception {
    /// An exception of that type.
    pub fn new(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, message: message.into() }
    }

    /// An operation got a value of the wrong type.
    pub fn type_error(message: impl Into<String>) -> Self {
        Self::new("TypeError", message)
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
