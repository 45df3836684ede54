//! Why a payload cannot be built.

use crate::emit::python::{Exception, Origin};

/// Why a payload cannot be built: what PaaSTA would raise, in words for the author of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Type of the exception that paasta-tools 0.66.6 raises.
    pub exception: &'static str,
    /// What is wrong.
    pub message: String,
    /// What follows from it.
    pub why: &'static str,
    /// What to do; may be empty.
    pub help: &'static str,
    /// The value that is wrong, if there is one.
    pub origin: Option<Origin>,
    /// The type of location, if nothing is wrong but that nobody said where the node is.
    pub lacks: Option<String>,
}

/// What follows from nearly all of them.
const FAILS: &str = "PaaSTA would fail on it, so it would not be deployed";

/// What follows from not reading something.
const UNKNOWN: &str = "what it holds is unknown, so nothing can be given that depends on it";

impl Refusal {
    /// Nobody knows whether PaaSTA would fail: something could not be read.
    pub fn unread(message: impl Into<String>) -> Self {
        Self { why: UNKNOWN, ..Self::new("OSError", message) }
    }

    /// PaaSTA raises `exception`, because of `message`.
    pub fn new(exception: &'static str, message: impl Into<String>) -> Self {
        Self { exception, message: message.into(), why: FAILS, help: "", origin: None, lacks: None }
    }

    /// Points at the value that is wrong.
    #[must_use]
    pub fn at(mut self, origin: Origin) -> Self {
        self.origin.get_or_insert(origin);
        self
    }

    /// Says what follows from it, where that is not PaaSTA's failure.
    #[must_use]
    pub fn why(mut self, why: &'static str) -> Self {
        self.why = why;
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: &'static str) -> Self {
        self.help = help;
        self
    }
}

impl From<Exception> for Refusal {
    fn from(exception: Exception) -> Self {
        Self::new(exception.name, exception.message)
    }
}

impl Refusal {
    /// `exception`, raised for the value of `key`.
    pub(crate) fn of(key: &str, exception: &Exception, origin: Origin) -> Self {
        Self::new(exception.name, format!("`{key}` cannot be used: {}", exception.message)).at(origin)
    }
}
