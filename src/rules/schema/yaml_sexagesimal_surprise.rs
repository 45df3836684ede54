//! Finds unquoted numbers with colons.

use crate::rules::{Check, Fixable, Level, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds unquoted numbers with colons.
    ///
    /// ## Why it matters
    ///
    /// YAML 1.1 reads `12:30` as 750: colons between digits mean base 60. Times of day and port
    /// mappings look like that. Where text is expected PaaSTA refuses the number, which is an error;
    /// where a number is expected it uses that one, which is a warning.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   args:
    ///     - --at
    ///     - 12:30
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   args:
    ///     - --at
    ///     - "12:30"
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: where text is expected, quotes keep the text that is written. A time of day as `schedule` is
    /// taken for a job of each day at that time, which is a guess, and unsafe.
    ///
    /// ## Source
    ///
    /// YAML 1.1 as PyYAML reads it.
    "yaml-sexagesimal-surprise" in Yaml,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    supersedes: &["yaml-loaders-disagree"],
    check: Check::Schema,
};
