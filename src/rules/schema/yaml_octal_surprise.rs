//! Finds unquoted numbers with a leading 0.

use crate::rules::{Check, Fixable, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds unquoted numbers with a leading 0.
    ///
    /// ## Why it matters
    ///
    /// YAML 1.1 reads `010` as 8. Where text is expected PaaSTA refuses the number; where a number
    /// is expected it uses the other one.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   env: {MODE: 0755}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   env: {MODE: "0755"}
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: where text is expected, quotes keep the text that is written.
    ///
    /// ## Source
    ///
    /// YAML 1.1 as PyYAML reads it.
    "yaml-octal-surprise" in Yaml,
    documented: Error, paasta_0_66: Error,
    fix: Fixable::Sometimes,
    supersedes: &["yaml-loaders-disagree"],
    check: Check::Schema,
};
