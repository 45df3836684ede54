//! Finds `.inf` and `.nan` where a number is expected.

use crate::rules::{Check, Rule};
use crate::schema::explain::{Finding, Problem, ShapeCx, words};

pub(crate) static RULE: Rule = rule! {
    /// Finds `.inf` and `.nan` where a number is expected.
    ///
    /// ## Why it matters
    ///
    /// YAML takes them for numbers, and so does PaaSTA; but JSON has no word for them, so the
    /// request to Marathon or Chronos fails.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   mem: .inf
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   mem: 4096
    /// ```
    ///
    /// ## Source
    ///
    /// YAML 1.1; the JSON of Marathon and Chronos.
    "non-finite-number" in Schema,
    level: Error,
    check: Check::Schema,
};

pub(crate) fn words(cx: &ShapeCx<'_>, problem: &Problem<'_>) -> Finding {
    cx.at_value(
        problem,
        format!("{} is {}, which is no usable number", cx.place(problem), words::shown(problem.value, None)),
    )
    .label("not finite")
    .why("PaaSTA's own check lets it pass, but it cannot be written into a request")
    .help("write a finite number")
}
