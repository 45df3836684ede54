//! Comments to soalint that it does not understand.

use crate::rules::{Blocks, Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds comments that begin with `soalint:` and do not say what is to be ignored.
    ///
    /// ## Why it matters
    ///
    /// The comment ignores nothing, although somebody thinks that it does. There is no comment that
    /// ignores everything: a rule has to be named, so that other mistakes still show.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: run  # soalint: ignore
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   # soalint: ignore[cmd-and-args] the wrapper needs both
    ///   cmd: run
    ///   args: [now]
    /// ```
    ///
    /// ## Source
    ///
    /// docs/design.md section 10.
    "suppress-malformed" in Suppression,
    level: Warning,
    blocks: Blocks::Nothing,
    check: Check::Suppression,
};
