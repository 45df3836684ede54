//! Finds mistakes in the shape of `deploy.yaml`.

use crate::rules::{Blocks, Check, Fixable, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds mistakes in the shape of `deploy.yaml`.
    ///
    /// ## Why it matters
    ///
    /// A pipeline without steps, or a step without a name, cannot be built: nothing of the service
    /// is deployed any more. What already runs stays.
    ///
    /// ## Example
    ///
    /// ```yaml deploy.yaml
    /// pipeline:
    ///   - itest
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml deploy.yaml
    /// pipeline:
    ///   - step: itest
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Unsafe: making a step of a word, or another key of one, is a guess.
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `deploy` and `check`.
    "pipeline-shape" in Deploy,
    level: Error,
    blocks: Blocks::JenkinsAndSensu,
    fix: Fixable::Sometimes,
    check: Check::Schema,
};
