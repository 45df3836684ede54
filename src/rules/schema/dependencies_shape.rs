//! Finds mistakes in the shape of `dependencies.yaml`.

use crate::rules::{Blocks, Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds mistakes in the shape of `dependencies.yaml`.
    ///
    /// ## Why it matters
    ///
    /// The outbound firewall of the service cannot be set up: it raises at an unknown well-known
    /// place and cannot walk a mapping. No payload is made of the file.
    ///
    /// ## Example
    ///
    /// ```yaml dependencies.yaml
    /// main:
    ///   - well-known: everything
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml dependencies.yaml
    /// main:
    ///   - well-known: internet
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `firewall`.
    "dependencies-shape" in Security,
    level: Error,
    blocks: Blocks::Nothing,
    check: Check::Schema,
};
