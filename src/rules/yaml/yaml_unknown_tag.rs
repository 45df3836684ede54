//! Finds tags that the safe loader does not know, such as `!vault` or `!!python/object`.

use crate::diagnostic::{Finding, Place};
use crate::rules::reader::is_secret;
use crate::rules::{Check, Rule};
use crate::text::printable;
use crate::yaml::Error;

pub(crate) static RULE: Rule = rule! {
    /// Finds tags that the safe loader does not know, such as `!vault` or `!!python/object`.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA loads YAML safely: it knows the standard tags only and fails on any other.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: !run start
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: '!run start'
    /// ```
    ///
    /// ## Source
    ///
    /// PyYAML `SafeLoader` raises ConstructorError.
    "yaml-unknown-tag" in Yaml,
    level: Error,
    check: Check::Reader,
};

pub(crate) fn words(place: Place, error: &Error, tag: &str) -> Finding {
    let message = if is_secret(error) {
        "PaaSTA does not know this tag".to_owned()
    } else {
        format!("PaaSTA knows no tag `{}`", written(error, tag))
    };
    Finding::new(place, message)
        .label("unknown tag")
        .help("remove the tag, or put the value in quotes if the `!` belongs to it")
}

/// A tag as the file has it, rather than resolved.
fn written(error: &Error, tag: &str) -> String {
    let text = error.source.text().get(error.span.start as usize..).unwrap_or("");
    let written = text.split([' ', '\n', '\r', '\t', ',', '}', ']']).next().unwrap_or("");
    printable(if written.starts_with('!') { written } else { tag })
}
