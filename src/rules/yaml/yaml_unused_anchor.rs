//! Finds anchors that nothing refers to.

use crate::diagnostic::{Finding, Place};
use crate::rules::{Check, Rule};
use crate::text::printable;

pub(crate) static RULE: Rule = rule! {
    /// Finds anchors that nothing refers to.
    ///
    /// ## Why it matters
    ///
    /// An anchor promises that the value is used elsewhere, too. Without an alias it is a leftover, or an
    /// alias below was forgotten. It is advice and off by default.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main: &main
    ///   mem: 500
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main: &main
    ///   mem: 500
    /// canary:
    ///   <<: *main
    /// ```
    ///
    /// ## Source
    ///
    /// YAML 1.1, section 3.2.2.2: anchors and aliases.
    "yaml-unused-anchor" in Yaml,
    level: Info,
    check: Check::Reader,
};

pub(crate) fn words(place: Place, name: &str) -> Finding {
    Finding::new(place, format!("nothing refers to the anchor `&{}`", printable(name)))
        .label("no alias of it")
        .why("it promises that the value is used elsewhere, too")
        .help("remove it, or write the alias that was forgotten")
}
