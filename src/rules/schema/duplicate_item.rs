//! Finds equal items in a list whose items must differ.

use crate::rules::{Check, Fixable, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds equal items in a list whose items must differ.
    ///
    /// ## Why it matters
    ///
    /// `paasta validate` refuses the file. Python decides what is equal: 1 equals 1.0, and the
    /// order of keys does not matter.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   registrations: [example.main, example.main]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   registrations: [example.main]
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: the list says the same without the second one.
    ///
    /// ## Source
    ///
    /// The schemas of paasta-tools 0.66.6 (`cli/schemas`); the documentation of each key.
    "duplicate-item" in Schema,
    level: Error,
    fix: Fixable::Sometimes,
    supersedes: &["registration-target-missing"],
    check: Check::Schema,
};
