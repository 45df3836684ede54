//! Finds keys that are there twice in one mapping.

use crate::rules::{Check, Fixable, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds keys that are there twice in one mapping.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA uses the last one and says nothing; the schema accepts it, too. So an instance, a port or
    /// a limit that somebody wrote is silently lost. A key that overrides one from a merge (`<<`) is no
    /// duplicate.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpus: 1
    ///   mem: 512
    ///   cpus: 2
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpus: 2
    ///   mem: 512
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Deleting one is safe where both say the same and no comment goes with it. It is a guess, and unsafe, where they do
    /// not; of two mappings it makes one, in which the last value of each key stays.
    ///
    /// ## Source
    ///
    /// PyYAML keeps the last; paasta-behaviour recorded from 0.66.6.
    "yaml-duplicate-key" in Yaml,
    level: Error,
    fix: Fixable::Sometimes,
    check: Check::Reader,
};
