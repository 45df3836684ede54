//! Finds text that the YAML readers around PaaSTA read differently, or that one of them refuses.

use crate::rules::{Check, Level, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds text that the YAML readers around PaaSTA read differently, or that one of them refuses.
    ///
    /// ## Why it matters
    ///
    /// `paasta validate` uses PyYAML's own reader, everything else libyaml 0.1.5, and a laptop has newer
    /// ones of both. Text on which they disagree passes one tool and breaks the next.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly: {cmd: run, schedule: R/2014-10-10T18:32:00Z/PT1H}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly: {cmd: run, schedule: "R/2014-10-10T18:32:00Z/PT1H"}
    /// ```
    ///
    /// ## Source
    ///
    /// Readers were run side by side: PyYAML 6.0.3 and 3.11, libyaml 0.1.5 and 0.2.5.
    "yaml-loaders-disagree" in Yaml,
    level: Warning (Paasta066: Error),
    also: &[Level::Warning],
    check: Check::Reader,
};
