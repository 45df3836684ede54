//! Finds keys that YAML does not read as text.

use crate::rules::{Check, Fixable, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds keys that YAML does not read as text.
    ///
    /// ## Why it matters
    ///
    /// YAML 1.1 reads `on`, `yes`, `1`, `2017-01-01` and an empty key as a boolean, a number, a
    /// date and null. The validator raises on such a name, and tools that look for the text do not
    /// find it.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// on:
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// "on":
    ///   cmd: run
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: where a name is expected, the text as written can only be meant.
    ///
    /// ## Source
    ///
    /// YAML 1.1; `paasta validate` 0.66.6 raises TypeError.
    "yaml-non-string-key" in Yaml,
    level: Error,
    fix: Fixable::Sometimes,
    check: Check::Schema,
};
