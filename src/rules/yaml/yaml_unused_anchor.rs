//! Finds anchors that nothing refers to.

use crate::rules::{Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds anchors that nothing refers to.
    ///
    /// ## Why it matters
    ///
    /// An anchor promises that the value is used elsewhere, too. Without an alias it is a leftover, or an
    /// alias below was forgotten. It is advice and off by default.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main: &main
    ///   mem: 500
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main: &main
    ///   mem: 500
    /// canary:
    ///   <<: *main
    /// ```
    ///
    /// ## Source
    ///
    /// YAML 1.1, section 3.2.2.2: anchors and aliases.
    "yaml-unused-anchor" in Yaml,
    level: Info,
    check: Check::Reader,
};
