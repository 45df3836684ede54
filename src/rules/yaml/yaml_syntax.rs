//! Finds files that are not valid YAML.

use crate::rules::{Check, Fixable, Level, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds files that are not valid YAML.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA cannot read such a file: every tool that lists the service fails, and so do tools that
    /// list the cluster, for all services. Nothing of the service is deployed until the file is right.
    /// The finding points at what probably went wrong (a tab, an unclosed quote, a character that
    /// needs quotes), not at where the reader gave up.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: @start --now
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: '@start --now'
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Blanks for tabs are safe where all lines are indented by tabs, and so are quotes around a `cmd`.
    /// Quotes around another value are a guess, and unsafe; five fields for `schedule: @daily` are, too:
    /// the jobs of the file start to run.
    ///
    /// ## Source
    ///
    /// PyYAML refuses it; `service_configuration_lib:_read_yaml_file` passes the exception on.
    "yaml-syntax" in Yaml,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    check: Check::Reader,
};
