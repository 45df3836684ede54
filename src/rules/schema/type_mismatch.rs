//! Finds values of another type than their key has.

use crate::rules::{Check, Fixable, Level, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds values of another type than their key has.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA checks types strictly: `"1"` is no number, `3.0` is no whole number, `--verbose` is
    /// no list. It refuses the whole file, or a tool fails later.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpus: "0.5"
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpus: 0.5
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Taking the quotes off a number or a boolean, dropping `.0`, putting a text in quotes, and making
    /// a list of one word are safe: the type that is wanted leaves only one meaning. What may have been
    /// meant as several items is unsafe.
    ///
    /// ## Source
    ///
    /// The schemas of paasta-tools 0.66.6 (`cli/schemas`); the documentation of each key.
    "type-mismatch" in Schema,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    check: Check::Schema,
};
