//! Finds files that are not UTF-8 text, or hold characters that YAML forbids.

use crate::rules::{Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds files that are not UTF-8 text, or hold characters that YAML forbids.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA reads files as UTF-8 and fails on anything else, such as UTF-16, with or without a byte order mark;
    /// control characters are refused, too. A byte order mark in front of UTF-8 is passed over.
    ///
    /// ## Example
    ///
    /// A file saved as Latin-1, or a value pasted with an invisible control character in it.
    ///
    /// ## Use instead
    ///
    /// The same file saved as UTF-8, without the character.
    ///
    /// ## Source
    ///
    /// `service_configuration_lib:_read_yaml_file` opens the file as UTF-8; PyYAML raises ReaderError.
    "yaml-non-utf8" in Yaml,
    level: Error,
    check: Check::Reader,
};
