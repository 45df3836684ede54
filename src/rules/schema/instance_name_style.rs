//! Finds names of jobs and adhoc instances with unusual characters.

use crate::rules::{Check, Rule};
use crate::schema::explain::{Finding, ShapeCx, words};
use crate::yaml::Value;

pub(crate) static RULE: Rule = rule! {
    /// Finds names of jobs and adhoc instances with unusual characters.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA accepts them, but parents, alerts and deployment tags cannot name them.
    ///
    /// ## Example
    ///
    /// ```yaml adhoc-norcal-prod.yaml
    /// run!:
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml adhoc-norcal-prod.yaml
    /// run:
    ///   cmd: run
    /// ```
    ///
    /// ## Source
    ///
    /// The form of parents in the Chronos schema of paasta-tools 0.66.6; names of Sensu checks.
    "instance-name-style" in Names,
    level: Warning,
    check: Check::Schema,
};

pub(crate) fn words(cx: &ShapeCx<'_>, name: Value<'_>) -> Finding {
    let shown = words::excerpt(name.text());
    let noun = cx.kind.entry_noun();
    cx.at(name.span(), format!("`{shown}` is an odd {noun} name"))
        .label("other characters than letters, digits, `_` and `-`")
        .why("PaaSTA accepts it, but alerts, parents and tags cannot name it")
        .help("use letters, digits, `_` and `-` only")
}
