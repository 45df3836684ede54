//! Finds keys that belong in another kind of file.

use crate::model::table::Record;
use crate::rules::{Check, Rule};
use crate::schema::explain::{Finding, ShapeCx, unknown_why, words};
use crate::schema::suggest;
use crate::yaml::Value;

pub(crate) static RULE: Rule = rule! {
    /// Finds keys that belong in another kind of file.
    ///
    /// ## Why it matters
    ///
    /// A key of smartstack.yaml does nothing in marathon-*, and one of chronos-* nothing there
    /// either: PaaSTA refuses the file.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   schedule: 0 3 * * *
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// main:
    ///   schedule: 0 3 * * *
    /// ```
    ///
    /// ## Source
    ///
    /// The schemas of paasta-tools 0.66.6 (`cli/schemas`); the documentation of each key.
    "key-wrong-kind" in Schema,
    level: Error,
    check: Check::Schema,
};

pub(crate) fn words(cx: &ShapeCx<'_>, key: Value<'_>, name: &str, record: &Record) -> Option<Finding> {
    let kinds = suggest::other_kinds(name, cx.kind);
    let first = kinds.first()?;
    let files: Vec<String> = kinds.iter().map(|kind| format!("`{}`", kind.file_pattern())).collect();
    let name = words::excerpt(name);
    Some(
        cx.at(key.span(), format!("`{name}` is a key of {}, not of {}", files.join(" and "), record.what))
            .label(format!("belongs in {}", first.file_pattern()))
            .why(unknown_why(record))
            .help(format!("move it to `{}`, or delete it here", first.file_pattern())),
    )
}
