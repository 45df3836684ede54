//! Finds keys that a mapping inside an instance does not have.

use crate::rules::{Check, Fixable, Level, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds keys that a mapping inside an instance does not have.
    ///
    /// ## Why it matters
    ///
    /// A misspelt key in a volume, a limit or a health parameter makes Marathon refuse the
    /// instance, or PaaSTA raise at each deployment. Where nothing reads the key it is a warning.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_volumes:
    ///     - {container_path: /data, hostPath: /data, mode: RO}
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
    /// ## Fix safety
    ///
    /// Unsafe: another key may have been meant.
    ///
    /// ## Source
    ///
    /// Marathon 1.4 refuses unknown keys; `bounce_health_params` and `drain_method_params` are
    /// passed on as Python arguments.
    "unknown-nested-key" in Schema,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    check: Check::Schema,
};
