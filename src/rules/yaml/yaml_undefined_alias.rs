//! Finds aliases (`*name`) without an anchor (`&name`) before them.

use crate::diagnostic::{Finding, Place};
use crate::rules::reader::is_secret;
use crate::rules::{Check, Rule};
use crate::text::printable;
use crate::yaml::Error;

pub(crate) static RULE: Rule = rule! {
    /// Finds aliases (`*name`) without an anchor (`&name`) before them.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA cannot read the file. Often the `*` is meant as text, as in a schedule or a file pattern,
    /// and needs quotes.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: *hourly
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: '0 * * * *'
    ///   cmd: run
    /// ```
    ///
    /// ## Source
    ///
    /// PyYAML raises ComposerError.
    "yaml-undefined-alias" in Yaml,
    level: Error,
    check: Check::Reader,
};

pub(crate) fn words(place: Place, error: &Error, name: &str) -> Finding {
    let message = if is_secret(error) {
        "there is no anchor before this alias that it could mean".to_owned()
    } else {
        format!("there is no anchor `&{}` before this alias", printable(name))
    };
    Finding::new(place, message)
        .label("refers to nothing")
        .help("define the anchor above, or put the value in quotes if the `*` belongs to it")
}
