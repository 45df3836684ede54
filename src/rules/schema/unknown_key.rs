//! Finds keys that an instance, job or namespace does not have.

use crate::rules::{Check, Fixable, Level, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds keys that an instance, job or namespace does not have.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA refuses a whole marathon-*, chronos-* or adhoc-* file for one unknown key, and
    /// SmartStack drops unknown keys without a word. Most of them are misspelt: what they configure
    /// is not in effect. In monitoring.yaml such a key is a warning, and in deploy.yaml, of which a
    /// site's own jobs may read more, advice. In dialect `paasta-0.66` it also finds keys that the
    /// documentation lists and the schema of that version refuses.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   ram: 500
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   mem: 500
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe where the key is one letter away from a single known key, in a file that is refused as it
    /// is. Other names are guesses, and unsafe, and so is deleting a key beside the one that was meant.
    ///
    /// ## Source
    ///
    /// The schemas of paasta-tools 0.66.6 (`cli/schemas`); the documentation of each key.
    "unknown-key" in Schema,
    level: Error,
    also: &[Level::Warning, Level::Info],
    fix: Fixable::Sometimes,
    check: Check::Schema,
};
