//! Finds instances, jobs and namespaces without any key.

use crate::rules::{Check, Rule};
use crate::schema::explain::{Finding, Problem, ShapeCx};
use crate::schema::words::excerpt;
use crate::yaml::Value;

pub(crate) static RULE: Rule = rule! {
    /// Finds instances, jobs and namespaces without any key.
    ///
    /// ## Why it matters
    ///
    /// `paasta validate` refuses the file; an empty namespace stops SmartStack on every host.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 1
    /// ```
    ///
    /// ## Source
    ///
    /// The schemas of paasta-tools 0.66.6 (`cli/schemas`); the documentation of each key.
    "empty-instance" in Schema,
    level: Error,
    check: Check::Schema,
};

pub(crate) fn nothing(cx: &ShapeCx<'_>, problem: &Problem<'_>) -> Finding {
    let noun = cx.kind.entry_noun();
    let name = problem.name().and_then(Value::as_str).unwrap_or_default();
    cx.at_value(problem, format!("{noun} `{}` is empty", excerpt(name)))
        .label("nothing under it")
        .why(cx.refusal(problem))
        .help(format!("give it its keys, indented, or remove the {noun}"))
}

pub(crate) fn no_keys(cx: &ShapeCx<'_>, problem: &Problem<'_>) -> Finding {
    let noun = cx.kind.entry_noun();
    let span = problem.name().map_or_else(|| problem.value.span(), Value::span);
    cx.at(span, format!("{noun} {} is empty", cx.place(problem)))
        .label("no keys in it")
        .why(cx.refusal(problem))
        .help(format!("give it at least one key, or remove the {noun}"))
}
