//! Finds merge keys (`<<`) whose value is neither a mapping nor a list of mappings.

use crate::diagnostic::{Finding, Place};
use crate::rules::{Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds merge keys (`<<`) whose value is neither a mapping nor a list of mappings.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA cannot read the file.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   <<: defaults
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// canary: &defaults
    ///   cpus: 1
    /// main:
    ///   <<: *defaults
    /// ```
    ///
    /// ## Source
    ///
    /// PyYAML raises ConstructorError.
    "yaml-merge-non-mapping" in Yaml,
    level: Error,
    check: Check::Reader,
};

pub(crate) fn words(place: Place) -> Finding {
    Finding::new(place, "`<<` merges mappings only")
        .label("this is no mapping")
        .help("give `<<` an alias of a mapping, or a list of such aliases")
}
