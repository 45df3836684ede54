//! Finds files that are not UTF-8 text, or hold characters that YAML forbids.

use crate::diagnostic::{Finding, Place};
use crate::encoding::Encoding;
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

pub(crate) fn other_encoding(place: Place, encoding: Encoding) -> Finding {
    Finding::new(place, format!("this file is {}, not UTF-8", encoding.name()))
        .label("not UTF-8")
        .help("save the file as UTF-8")
}

pub(crate) fn not_utf8(place: Place) -> Finding {
    Finding::new(place, "the file is not UTF-8 text")
        .label("this byte is no UTF-8")
        .help("save the file as UTF-8")
}

pub(crate) fn forbidden(place: Place, character: char) -> Finding {
    let code = u32::from(character);
    Finding::new(place, format!("the file holds a character that YAML forbids (U+{code:04X})"))
        .label("forbidden character")
        .help("delete the character; in double quotes it can be written as an escape")
}
