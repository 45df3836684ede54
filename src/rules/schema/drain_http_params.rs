//! Finds `drain_method: http` without `drain_method_params`.

use crate::rules::{Check, Rule};
use crate::schema::explain::{Finding, Problem, ShapeCx};

pub(crate) static RULE: Rule = rule! {
    /// Finds `drain_method: http` without `drain_method_params`.
    ///
    /// ## Why it matters
    ///
    /// The method needs four requests: how to start draining, how to stop it, and how to ask about
    /// both. Without them every bounce fails.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   drain_method: http
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   drain_method: http
    ///   drain_method_params:
    ///     drain: {url_format: "http://{host}:{port}/drain", method: POST, success_codes: 200}
    ///     stop_draining: {url_format: "http://{host}:{port}/drain", method: DELETE, success_codes: 200}
    ///     is_draining: {url_format: "http://{host}:{port}/drain", success_codes: 200}
    ///     is_safe_to_kill: {url_format: "http://{host}:{port}/idle", success_codes: 200}
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `drain_lib`.
    "drain-http-params" in Bounce,
    level: Error,
    check: Check::Schema,
};

pub(crate) fn words(cx: &ShapeCx<'_>, problem: &Problem<'_>) -> Finding {
    cx.at(problem.value.span(), "`drain_method: http` without `drain_method_params`")
        .label("which requests?")
        .why("PaaSTA cannot drain without them, so every bounce fails")
        .help("add `drain_method_params` with `drain`, `stop_draining`, `is_draining` and `is_safe_to_kill`")
}
