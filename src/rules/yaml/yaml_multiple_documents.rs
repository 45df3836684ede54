//! Finds files with more than one YAML document.

use crate::diagnostic::{Finding, Place};
use crate::rules::{Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds files with more than one YAML document.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA reads one document per file and fails on a second one, which usually comes from a stray
    /// `---` line.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpus: 1
    /// ---
    /// canary:
    ///   cpus: 1
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpus: 1
    /// canary:
    ///   cpus: 1
    /// ```
    ///
    /// ## Source
    ///
    /// PyYAML `safe_load` raises ComposerError.
    "yaml-multiple-documents" in Yaml,
    level: Error,
    check: Check::Reader,
};

pub(crate) fn words(place: Place) -> Finding {
    Finding::new(place, "the file holds more than one document")
        .label("a second document starts here")
        .help("keep one document: remove the `---` or move the rest to a file of its own")
}
