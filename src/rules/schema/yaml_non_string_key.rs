//! Finds keys that YAML does not read as text.

use crate::model::kind::FileKind;
use crate::model::types::{INSTANCE_NAME, JOB_KEY, NAMESPACE_NAME};
use crate::rules::{Check, Fixable, Rule};
use crate::schema::explain::{Finding, Problem, ShapeCx, words};
use crate::yaml::{Style, edit};

pub(crate) static RULE: Rule = rule! {
    /// Finds keys that YAML does not read as text.
    ///
    /// ## Why it matters
    ///
    /// YAML 1.1 reads `on`, `yes`, `1`, `2017-01-01` and an empty key as a boolean, a number, a
    /// date and null. The validator raises on such a name, and tools that look for the text do not
    /// find it.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// on:
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// "on":
    ///   cmd: run
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: where a name is expected, the text as written can only be meant.
    ///
    /// ## Source
    ///
    /// YAML 1.1; `paasta validate` 0.66.6 raises TypeError.
    "yaml-non-string-key" in Yaml,
    level: Error,
    fix: Fixable::Sometimes,
    check: Check::Schema,
};

pub(crate) fn words(cx: &ShapeCx<'_>, problem: &Problem<'_>) -> Finding {
    let key = problem.value;
    let raw = words::excerpt(key.raw());
    let reason = words::Surprise::of(key).map_or_else(
        || format!("YAML reads `{raw}` as {}", words::noun(key)),
        |surprise| surprise.clause(key),
    );
    let is_plain = key.style() == Style::Plain && !key.text().is_empty() && !key.is_null();
    let edits = edit::quote(key).filter(|_| is_plain && takes_name(cx, problem));
    cx.at(key.span(), format!("the key `{raw}` is no string"))
        .label(format!("{}, where a name is expected", words::noun(key)))
        .why(format!("{reason}; tools that look for the name do not find it, or fail"))
        .help("put it in quotes")
        .safe_fix("put the key in quotes", edits)
}

/// Whether the text of a key would do as a name there.
fn takes_name(cx: &ShapeCx<'_>, problem: &Problem<'_>) -> bool {
    let is_entry = problem.path.len() == 1;
    match cx.kind {
        FileKind::Marathon if is_entry => (INSTANCE_NAME.test)(problem.value.text()),
        FileKind::Chronos if is_entry => (JOB_KEY.test)(problem.value.text()),
        FileKind::Smartstack if is_entry => (NAMESPACE_NAME.test)(problem.value.text()),
        _ => true,
    }
}
