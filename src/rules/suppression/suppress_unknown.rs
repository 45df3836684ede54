//! Ignores of what is no rule, or cannot be ignored.

use crate::rules::{Blocks, Check, Fixable, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds `# soalint: ignore[..]` comments that name what is no rule, or a rule that cannot be ignored.
    ///
    /// ## Why it matters
    ///
    /// The comment ignores nothing: the finding that it was meant for is reported all the same.
    ///
    /// What the reader and the shape check call an error cannot be ignored, since nothing else that is
    /// said of such a file is of value. A group of rules cannot be ignored either: it would also hide
    /// what later versions find.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   pool: default  # soalint: ignore[pool-unkown] they are building it
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   pool: default
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Unsafe where the nearest name is written: look whether that rule was meant.
    ///
    /// ## Source
    ///
    /// docs/design.md section 10.
    "suppress-unknown" in Suppression,
    level: Warning,
    fix: Fixable::Sometimes,
    blocks: Blocks::Nothing,
    check: Check::Suppression,
};
