//! Too little memory.

use crate::rules::{Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds a `mem` of 32 MB or less.
    ///
    /// ## Why it matters
    ///
    /// A container does not start in so little memory, so PaaSTA refuses the file. Often gigabytes were
    /// meant: `mem` counts megabytes.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   mem: 32
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   mem: 64
    /// ```
    ///
    /// ## Source
    ///
    /// The schemas of paasta-tools 0.66.6 (`cli/schemas`): more than 32.
    "mem-range" in Schema,
    level: Error,
    check: Check::Schema,
};
