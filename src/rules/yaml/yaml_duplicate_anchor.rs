//! Finds anchors (`&name`) that are defined twice.

use crate::rules::{Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds anchors (`&name`) that are defined twice.
    ///
    /// ## Why it matters
    ///
    /// An alias means the nearest anchor above it. With two of one name it is easy to get the wrong one.
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
    /// YAML 1.1 section 7.1; PyYAML 6 and libyaml agree.
    "yaml-duplicate-anchor" in Yaml,
    documented: Warning, paasta_0_66: Warning,
    check: Check::Reader,
};
