//! Finds lists and entries that must not be empty.

use crate::rules::{Check, Rule};
use crate::schema::explain::{Finding, Problem, ShapeCx};

pub(crate) static RULE: Rule = rule! {
    /// Finds lists and entries that must not be empty.
    ///
    /// ## Why it matters
    ///
    /// A namespace that is advertised nowhere is never registered, and it empties the configuration
    /// of Synapse on every host.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20001
    ///   advertise: []
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20001
    ///   advertise: [region]
    /// ```
    ///
    /// ## Source
    ///
    /// nerve-tools and synapse-tools: a service without advertised location types.
    "empty-list" in Schema,
    level: Error,
    check: Check::Schema,
};

pub(crate) fn words(cx: &ShapeCx<'_>, problem: &Problem<'_>, form: &str) -> Finding {
    cx.at_value(problem, format!("{} must not be empty", cx.place(problem)))
        .label("nothing in it")
        .why(cx.refusal(problem))
        .help(match form.strip_prefix('[') {
            Some(_) => format!("write at least one, as in `{form}`"),
            None => format!("write {form}"),
        })
}
