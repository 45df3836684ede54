//! Ignores that hide nothing.

use crate::rules::{Blocks, Check, Fixable, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds `# soalint: ignore[..]` comments that name a rule which finds nothing there.
    ///
    /// ## Why it matters
    ///
    /// What it hid is repaired, or the comment stands at the wrong place. It would hide the next mistake
    /// of that kind, and whoever reads it looks for a problem that is gone.
    ///
    /// At the end of a line, a comment is about the entry of that line; alone on a line, about the entry
    /// below with everything in it. A rule that is off in this run is not counted.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: run  # soalint: ignore[cmd-and-args] the wrapper needs both
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
    /// Safe: the comment changes nothing.
    ///
    /// ## Source
    ///
    /// docs/design.md section 10.
    "suppress-unused" in Suppression,
    level: Warning,
    fix: Fixable::Always,
    blocks: Blocks::Nothing,
    check: Check::Suppression,
};
