//! Finds keys that are indented too little or too much.

use crate::rules::{Check, Level, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds keys that are indented too little or too much.
    ///
    /// ## Why it matters
    ///
    /// A key of an instance at the top level becomes the name of an instance, and one inside
    /// another mapping is not found where it is looked for.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 3
    /// cpus: 1
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 3
    ///   cpus: 1
    /// ```
    ///
    /// ## Source
    ///
    /// The schemas of paasta-tools 0.66.6 (`cli/schemas`); the documentation of each key.
    "key-at-wrong-level" in Schema,
    level: Error,
    also: &[Level::Warning],
    check: Check::Schema,
};
