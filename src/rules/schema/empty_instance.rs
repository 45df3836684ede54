//! Finds instances, jobs and namespaces without any key.

use crate::rules::{Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances, jobs and namespaces without any key.
    ///
    /// ## Why it matters
    ///
    /// `paasta validate` refuses the file; an empty namespace stops SmartStack on every host.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
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
    /// The schemas of paasta-tools 0.66.6 (`cli/schemas`); the documentation of each key.
    "empty-instance" in Schema,
    level: Error,
    check: Check::Schema,
};
