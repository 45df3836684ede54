//! Finds mappings that lack a key they must have.

use crate::rules::{Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds mappings that lack a key they must have.
    ///
    /// ## Why it matters
    ///
    /// A volume without a path or a pipeline without steps cannot be used.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_volumes:
    ///     - {containerPath: /data, mode: RO}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_volumes:
    ///     - {containerPath: /data, hostPath: /data, mode: RO}
    /// ```
    ///
    /// ## Source
    ///
    /// The schemas of paasta-tools 0.66.6 (`cli/schemas`); the documentation of each key. Marathon
    /// 1.4 demands all three keys of a volume.
    "missing-key" in Schema,
    level: Error,
    check: Check::Schema,
};
