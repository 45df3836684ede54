//! Finds keys without a value, or with null, where a value must be.

use crate::rules::{Check, Fixable, Rule};
use crate::schema::explain::{Finding, Problem, entry_of};
use crate::yaml::edit;

pub(crate) static RULE: Rule = rule! {
    /// Finds keys without a value, or with null, where a value must be.
    ///
    /// ## Why it matters
    ///
    /// Nothing after the colon is null, not an empty string and not the default. PaaSTA refuses it
    /// in most places.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd:
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: run
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Unsafe: a value may have been forgotten.
    ///
    /// ## Source
    ///
    /// YAML 1.1 as PyYAML reads it. The schemas of paasta-tools 0.66.6 (`cli/schemas`); the
    /// documentation of each key.
    "yaml-null-value" in Yaml,
    level: Error,
    fix: Fixable::Sometimes,
    check: Check::Schema,
};

/// Offers to remove the key that has no value.
pub(crate) fn repaired(finding: Finding, problem: &Problem<'_>) -> Finding {
    let edits = problem.holder.zip(problem.name()).and_then(|(holder, name)| {
        let entry = entry_of(holder, name)?;
        edit::remove_entry(holder, entry)
    });
    finding.help("give it a value, or remove the key").unsafe_fix("remove the key", edits)
}
