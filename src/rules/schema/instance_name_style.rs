//! Finds names of jobs and adhoc instances with unusual characters.

use crate::rules::{Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds names of jobs and adhoc instances with unusual characters.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA accepts them, but parents, alerts and deployment tags cannot name them.
    ///
    /// ## Example
    ///
    /// ```yaml adhoc-norcal-prod.yaml
    /// run!:
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml adhoc-norcal-prod.yaml
    /// run:
    ///   cmd: run
    /// ```
    ///
    /// ## Source
    ///
    /// The form of parents in the Chronos schema of paasta-tools 0.66.6; names of Sensu checks.
    "instance-name-style" in Names,
    level: Warning,
    check: Check::Schema,
};
