//! Finds unquoted numbers whose text changes when YAML reads them.

use crate::rules::{Check, Fixable, Level, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds unquoted numbers whose text changes when YAML reads them.
    ///
    /// ## Why it matters
    ///
    /// A version like `3.10` becomes the number 3.1. PaaSTA refuses a number where a string is
    /// expected, and nobody gets the 0 back.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   env: {PYTHON: 3.10}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   env: {PYTHON: "3.10"}
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: where text is expected, quotes keep the text that is written.
    ///
    /// ## Source
    ///
    /// YAML 1.1 as PyYAML reads it.
    "yaml-float-surprise" in Yaml,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    supersedes: &["yaml-loaders-disagree"],
    check: Check::Schema,
};
