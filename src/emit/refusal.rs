//! Why a payload cannot be built.

use crate::emit::python::{Exception, Origin};

/// Why a payload cannot be built: what PaaSTA would raise, in words for the author of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Type of the exception that paasta-tools 0.66.6 raises.
    pub exception: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do; may be empty.
    pub help: &'static str,
    /// The value that is wrong, if there is one.
    pub origin: Option<Origin>,
    /// The type of location, if nothing is wrong but that nobody said where the node is.
    pub lacks: Option<String>,
}

impl Refusal {
    /// PaaSTA raises `exception`, because of `message`.
    pub fn new(exception: &'static str, message: impl Into<String>) -> Self {
        Self { exception, message: message.into(), help: "", origin: None, lacks: None }
    }

    /// Points at the value that is wrong.
    #[must_use]
    pub fn at(mut self, origin: Origin) -> Self {
        self.origin.get_or_insert(origin);
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
