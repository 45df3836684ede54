//! Finds two merge keys (`<<`) in one mapping.

use crate::rules::{Check, Fixable, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds two merge keys (`<<`) in one mapping.
    ///
    /// ## Why it matters
    ///
    /// Readers of YAML disagree on which of them count. A list of aliases says the same without doubt.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// small: &small {cpus: 0.1}
    /// large: &large {mem: 4096}
    /// main:
    ///   <<: *small
    ///   <<: *large
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// small: &small {cpus: 0.1}
    /// large: &large {mem: 4096}
    /// main:
    ///   <<: [*small, *large]
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: of two merge keys the later one wins for PaaSTA, and so it does in the list.
    ///
    /// ## Source
    ///
    /// The YAML 1.1 merge type; readers were compared.
    "yaml-repeated-merge-key" in Yaml,
    level: Warning,
    fix: Fixable::Sometimes,
    check: Check::Reader,
};
