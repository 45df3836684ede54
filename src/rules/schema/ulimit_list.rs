//! Finds `ulimit` written as a list.

use crate::rules::{Check, Fixable, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds `ulimit` written as a list.
    ///
    /// ## Why it matters
    ///
    /// The documentation's example is a list of mappings with one key each; paasta-tools 0.66 wants
    /// one mapping and refuses the list.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   ulimit:
    ///     - nofile: {soft: 1024, hard: 2048}
    ///     - nice: {soft: 20}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   ulimit:
    ///     nofile: {soft: 1024, hard: 2048}
    ///     nice: {soft: 20}
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: the limits stay the same.
    ///
    /// ## Source
    ///
    /// docs/documentation-vs-code.md.
    "ulimit-list" in Compat,
    level: Warning (Paasta066: Off),
    fix: Fixable::Sometimes,
    check: Check::Schema,
};
