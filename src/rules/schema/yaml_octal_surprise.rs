//! Finds unquoted numbers with a leading 0.

use crate::rules::{Check, Fixable, Level, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds unquoted numbers with a leading 0.
    ///
    /// ## Why it matters
    ///
    /// YAML 1.1 reads `010` as 8. Where text is expected PaaSTA refuses the number, which is an error;
    /// where a number is expected it uses the other one, which is a warning.
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
    /// Safe where text is expected: quotes keep the text that is written. Unsafe where a number is: the
    /// digits were probably meant as a decimal number, but PaaSTA uses the octal one today.
    ///
    /// ## Source
    ///
    /// YAML 1.1 as PyYAML reads it.
    "yaml-octal-surprise" in Yaml,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    supersedes: &["yaml-loaders-disagree"],
    check: Check::Schema,
};
