//! Finds keys that belong in another kind of file.

use crate::rules::{Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds keys that belong in another kind of file.
    ///
    /// ## Why it matters
    ///
    /// A key of smartstack.yaml does nothing in marathon-*, and one of chronos-* nothing there
    /// either: PaaSTA refuses the file.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   schedule: 0 3 * * *
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// main:
    ///   schedule: 0 3 * * *
    /// ```
    ///
    /// ## Source
    ///
    /// The schemas of paasta-tools 0.66.6 (`cli/schemas`); the documentation of each key.
    "key-wrong-kind" in Schema,
    level: Error,
    check: Check::Schema,
};
