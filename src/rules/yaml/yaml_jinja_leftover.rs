//! Finds templates that were not filled in: `{{ ... }}`, `{% ... %}`, `<% ... %>`.

use crate::rules::{Check, Level, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds templates that were not filled in: `{{ ... }}`, `{% ... %}`, `<% ... %>`.
    ///
    /// ## Why it matters
    ///
    /// YAML reads `{{` as the start of a mapping in a mapping, which PaaSTA refuses. In quotes it is a text
    /// that means nothing: a pool or a team of that name does not exist. The file was probably copied
    /// from a template without rendering it. Commands, variables and prose may hold templates of somebody
    /// else, and are left alone.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpus: {{ cpus }}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpus: 2
    /// ```
    ///
    /// ## Source
    ///
    /// PyYAML refuses it.
    "yaml-jinja-leftover" in Yaml,
    level: Error,
    also: &[Level::Warning],
    supersedes: &[
        "type-mismatch", "unknown-value", "monitoring-shape", "pipeline-shape", "dependencies-shape",
        "pool-unknown", "net-unknown", "team-unknown", "dependencies-reference-missing",
        "registration-format", "registration-target-missing", "parent-format", "parent-missing",
        "schedule-syntax", "cron-fields", "schedule-timezone-unknown", "epsilon-format", "alert-after-format",
        "volume-relative-path", "volume-mode", "bounce-method-enum", "cap-unknown",
    ],
    check: Check::Reader,
};
