//! Finds unquoted `yes`, `no`, `on`, `off`, `true` and `false` where text is expected.

use crate::rules::{Check, Fixable, Level, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds unquoted `yes`, `no`, `on`, `off`, `true` and `false` where text is expected.
    ///
    /// ## Why it matters
    ///
    /// YAML 1.1 reads them as booleans. PaaSTA refuses a boolean where a string is expected, above
    /// all among environment variables and arguments.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   env: {DEBUG: no}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   env: {DEBUG: "no"}
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: where text is expected, quotes keep the text that is written.
    ///
    /// ## Source
    ///
    /// YAML 1.1 as PyYAML reads it.
    "yaml-bool-surprise" in Yaml,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    supersedes: &["yaml-loaders-disagree"],
    check: Check::Schema,
};
