//! Finds unquoted dates where text is expected.

use crate::rules::{Check, Fixable, Level, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds unquoted dates where text is expected.
    ///
    /// ## Why it matters
    ///
    /// YAML 1.1 reads `2017-01-01` as a date. PaaSTA refuses it where a string is expected, and
    /// what it sends cannot hold a date.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   env: {SINCE: 2017-01-01}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   env: {SINCE: "2017-01-01"}
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: where text is expected, quotes keep the text that is written.
    ///
    /// ## Source
    ///
    /// YAML 1.1 as PyYAML reads it.
    "yaml-date-surprise" in Yaml,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    supersedes: &["yaml-loaders-disagree"],
    check: Check::Schema,
};
