//! Finds the requests of drain method http without `drain_method`.

use crate::rules::{Check, Rule};
use crate::schema::explain::{Finding, Problem, ShapeCx};

pub(crate) static RULE: Rule = rule! {
    /// Finds the requests of drain method http without `drain_method`.
    ///
    /// ## Why it matters
    ///
    /// The schema of paasta-tools 0.66 refuses a file in which nothing says that the requests are
    /// to be used.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   drain_method_params: {drain: {}, stop_draining: {}, is_draining: {}, is_safe_to_kill: {}}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   drain_method: noop
    ///   drain_method_params: {drain: {}, stop_draining: {}, is_draining: {}, is_safe_to_kill: {}}
    /// ```
    ///
    /// ## Source
    ///
    /// The schema of paasta-tools 0.66.6.
    "drain-params-without-method" in Bounce,
    level: Off (Paasta066: Error),
    supersedes: &["drain-params-ignored"],
    check: Check::Schema,
};

pub(crate) fn words(cx: &ShapeCx<'_>, problem: &Problem<'_>) -> Finding {
    cx.at(problem.value.span(), "the requests of drain method http without a `drain_method`")
        .label("for which method?")
        .why("the schema of paasta-tools 0.66 refuses them without `drain_method`")
        .help("add `drain_method: http`")
}
