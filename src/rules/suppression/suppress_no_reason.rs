//! Ignores that do not say why.

use crate::rules::{Blocks, Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds `# soalint: ignore[..]` comments without the reason that the site wants.
    ///
    /// ## Why it matters
    ///
    /// Whoever reads the comment in a year wants to know whether it may go.
    ///
    /// The rule needs `ignores: {require-reason: true}` or `ignores: {ticket-pattern: ..}` in
    /// `.soalint.yaml` and is silent without it.
    ///
    /// ## Example
    ///
    /// ```config
    /// ignores: {ticket-pattern: 'OPS-\d+'}
    /// ```
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   # soalint: ignore[cmd-and-args] because
    ///   cmd: run
    ///   args: [now]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```config
    /// ignores: {ticket-pattern: 'OPS-\d+'}
    /// ```
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   # soalint: ignore[cmd-and-args] the wrapper needs both, OPS-12
    ///   cmd: run
    ///   args: [now]
    /// ```
    ///
    /// ## Source
    ///
    /// docs/design.md section 10.
    "suppress-no-reason" in Suppression,
    level: Warning,
    blocks: Blocks::Nothing,
    check: Check::Suppression,
};
