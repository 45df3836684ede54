//! Finds numbers that are too small or too large for their key.

use crate::rules::{Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds numbers that are too small or too large for their key.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA, Marathon, HAProxy or the kernel refuse the value.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpus: 0
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpus: 0.1
    /// ```
    ///
    /// ## Source
    ///
    /// The schemas of paasta-tools 0.66.6 (`cli/schemas`); the documentation of each key. Limits of
    /// Marathon 1.4 and of the Linux kernel where those are narrower.
    "value-out-of-range" in Schema,
    level: Error,
    check: Check::Schema,
};
