//! Entries of the baseline that record nothing any more.

use crate::rules::{Blocks, Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds entries of the baseline whose finding is gone.
    ///
    /// ## Why it matters
    ///
    /// The mistake is repaired. The entry would hide it if somebody made it again, and a baseline
    /// that only shrinks shows how far the work is. `soalint baseline prune` removes such entries.
    ///
    /// An entry counts only if its service was checked, with its rule.
    ///
    /// ## Example
    ///
    /// `.soalint-baseline.json`, although the example has its team:
    ///
    /// ```json
    /// {
    ///   "version": 1,
    ///   "findings": {
    ///     "0011223344556677": {"rule": "team-missing", "file": "example/monitoring.yaml", "message": "no team"}
    ///   }
    /// }
    /// ```
    ///
    /// ## Use instead
    ///
    /// What `soalint baseline prune` leaves: `{"version": 1, "findings": {}}`.
    ///
    /// ## Source
    ///
    /// docs/design.md section 10.
    "baseline-stale" in Suppression,
    level: Warning,
    blocks: Blocks::Nothing,
    check: Check::Suppression,
};
