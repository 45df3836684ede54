//! Finds files whose top level is a list or a single value.

use crate::rules::{Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds files whose top level is a list or a single value.
    ///
    /// ## Why it matters
    ///
    /// Every configuration file is a mapping. Tools that read a list or a text there fail, not only
    /// for this service: some read the files of all services at once.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// - main
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20001
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `service_configuration_lib`, `paasta validate`.
    "top-level-not-mapping" in Schema,
    level: Error,
    check: Check::Schema,
};
