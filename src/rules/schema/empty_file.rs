//! Finds files without anything in them.

use crate::rules::{Check, Level, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds files without anything in them.
    ///
    /// ## Why it matters
    ///
    /// For marathon-*, chronos-* and adhoc-* `paasta validate` refuses the file. Elsewhere it means
    /// the same as no file, and somebody probably meant to write more.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// # to do
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 1
    /// ```
    ///
    /// ## Source
    ///
    /// The schemas of paasta-tools 0.66.6 want at least one entry.
    "empty-file" in Schema,
    level: Error,
    also: &[Level::Warning],
    check: Check::Schema,
};
