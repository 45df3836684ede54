//! Finds values that are none of the words a key knows.

use crate::rules::{Check, Fixable, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds values that are none of the words a key knows.
    ///
    /// ## Why it matters
    ///
    /// Some values are refused by `paasta validate`, others only when they are used: an
    /// unknown decision policy, for example, stops the autoscaler of the instance.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   drain_method: hachek
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   drain_method: hacheck
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Another case of letters is safe. Another word is a guess, and unsafe.
    ///
    /// ## Source
    ///
    /// The schemas of paasta-tools 0.66.6 (`cli/schemas`); the documentation of each key.
    /// `bounce_lib`, `drain_lib` and the autoscaler of paasta-tools 0.66.6; constraints of Marathon
    /// 1.4 and Chronos 2.5.
    "unknown-value" in Schema,
    level: Error,
    fix: Fixable::Sometimes,
    check: Check::Schema,
};
