//! Finds aliases (`*name`) without an anchor (`&name`) before them.

use crate::rules::{Check, Rule};

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
