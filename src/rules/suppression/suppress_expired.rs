//! Ignores whose day is over.

use crate::rules::{Blocks, Check, Fixable, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds `# soalint: ignore[..]` comments with an `until=` day that has passed.
    ///
    /// ## Why it matters
    ///
    /// Somebody promised to repair it by then. The comment ignores nothing any more: what it hid is
    /// reported again. The day itself still counts; days are those of UTC.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   # soalint: ignore[cmd-and-args] OPS-12 until=2017-07-26
    ///   cmd: run
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
    /// Safe: the comment changes nothing any more.
    ///
    /// ## Source
    ///
    /// docs/design.md section 10.
    "suppress-expired" in Suppression,
    level: Warning,
    fix: Fixable::Always,
    blocks: Blocks::Nothing,
    check: Check::Suppression,
};
