//! Finds templates that were not filled in: `{{ ... }}`, `{% ... %}`, `<% ... %>`.

use crate::rules::{Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds templates that were not filled in: `{{ ... }}`, `{% ... %}`, `<% ... %>`.
    ///
    /// ## Why it matters
    ///
    /// YAML reads `{{` as the start of a mapping in a mapping, which PaaSTA refuses. The file was
    /// probably copied from a template without rendering it.
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
    documented: Error, paasta_0_66: Error,
    check: Check::Reader,
};
