//! Finds anchors (`&name`) that are defined twice.

use crate::diagnostic::{Finding, Place};
use crate::rules::{Check, Rule};
use crate::text::printable;

pub(crate) static RULE: Rule = rule! {
    /// Finds anchors (`&name`) that are defined twice.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA cannot read the file: its readers refuse a second anchor of the same name.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main: &base
    ///   cpus: 1
    /// worker: &base
    ///   cpus: 2
    /// canary: *base
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpus: 1
    /// worker: &worker
    ///   cpus: 2
    /// canary: *worker
    /// ```
    ///
    /// ## Source
    ///
    /// PyYAML and libyaml raise ComposerError ("found duplicate anchor"), though YAML 1.1 allows it.
    "yaml-duplicate-anchor" in Yaml,
    level: Error,
    check: Check::Reader,
};

pub(crate) fn words(place: Place, name: &str) -> Finding {
    Finding::new(place, format!("the anchor `&{}` is defined twice", printable(name)))
        .label("defined again")
        .help("give the second anchor another name")
}
