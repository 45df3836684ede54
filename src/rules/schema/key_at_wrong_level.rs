//! Finds keys that are indented too little or too much.

use crate::model::table::Record;
use crate::rules::{Check, Level, Rule};
use crate::schema::explain::{Finding, Problem, ShapeCx, unknown_why, with_article};
use crate::schema::words::excerpt;
use crate::yaml::Value;

pub(crate) static RULE: Rule = rule! {
    /// Finds keys that are indented too little or too much.
    ///
    /// ## Why it matters
    ///
    /// A key of an instance at the top level becomes the name of an instance, and one inside
    /// another mapping is not found where it is looked for.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 3
    /// cpus: 1
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 3
    ///   cpus: 1
    /// ```
    ///
    /// ## Source
    ///
    /// The schemas of paasta-tools 0.66.6 (`cli/schemas`); the documentation of each key.
    "key-at-wrong-level" in Schema,
    level: Error,
    also: &[Level::Warning],
    check: Check::Schema,
};

/// A key of the instance itself, further inside.
pub(crate) fn inside(cx: &ShapeCx<'_>, problem: &Problem<'_>, record: &Record, holder: &str) -> Finding {
    let key = problem.value;
    let noun = cx.kind.entry_noun();
    cx.at(key.span(), format!("`{}` stands inside {holder}, where it means nothing", excerpt(key.text())))
        .label(format!("a key of the {noun} itself"))
        .why(unknown_why(record))
        .help(format!("indent it less, so that it becomes a key of the {noun}"))
}

/// A key of `holder` beside it; `what` has both.
pub(crate) fn beside(cx: &ShapeCx<'_>, key: Value<'_>, record: &Record, what: &str, holder: &str) -> Finding {
    cx.at(key.span(), format!("`{}` is no key of {what}, but of `{holder}` in it", excerpt(key.text())))
        .label(format!("belongs in `{holder}`"))
        .why(unknown_why(record))
        .help(format!("put it under `{holder}:`, indented"))
}

/// A key of an instance, where the names of instances are.
pub(crate) fn at_top(cx: &ShapeCx<'_>, problem: &Problem<'_>, name: &str) -> Finding {
    let noun = cx.kind.entry_noun();
    let span = problem.name().map_or_else(|| problem.value.span(), Value::span);
    cx.at(span, format!("`{name}` stands at the top level, where only {noun} names can be"))
        .label(format!("indent it under its {noun}"))
        .why(format!("PaaSTA takes `{name}` for the name of {} and refuses the file", with_article(noun)))
        .help(format!("indent it, so that it becomes a key of the {noun}"))
}
