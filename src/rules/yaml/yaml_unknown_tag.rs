//! Finds tags that the safe loader does not know, such as `!vault` or `!!python/object`.

use crate::rules::{Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds tags that the safe loader does not know, such as `!vault` or `!!python/object`.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA loads YAML safely: it knows the standard tags only and fails on any other.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: !run start
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: '!run start'
    /// ```
    ///
    /// ## Source
    ///
    /// PyYAML `SafeLoader` raises ConstructorError.
    "yaml-unknown-tag" in Yaml,
    level: Error,
    check: Check::Reader,
};
