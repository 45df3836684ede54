//! Names that end with a line break.

use crate::diagnostic::Edit;
use crate::rules::support::edges::each_edged;
use crate::rules::{Check, DocumentCx, Fixable, Rule, Sink};
use crate::source::Span;
use crate::yaml::{Style, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds names, paths and addresses in block style, which ends them with a line break.
    ///
    /// ## Why it matters
    ///
    /// After `|` or `>` the line break at the end belongs to the value, unless a `-` follows. A command
    /// does not mind, but no pool and no team has a line break in its name.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   pool: >
    ///     default
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   pool: >-
    ///     default
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Writing `|-` or `>-` is safe: no such name ends with a line break.
    ///
    /// ## Source
    ///
    /// YAML 1.1, section 9.1: block scalars keep their last line break.
    "yaml-long-fold" in Yaml,
    level: Warning,
    fix: Fixable::Sometimes,
    supersedes: &[
        "net-unknown", "pool-unknown", "team-unknown", "dependencies-reference-missing", "project-format",
        "healthcheck-uri-format",
    ],
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    each_edged(cx, [Style::Literal, Style::Folded], |value, key| {
        let finding = cx
            .at(value.span(), format!("this value of `{key}` ends with a line break"))
            .label("`|` and `>` keep the line break at the end")
            .why("it is compared letter by letter, so nothing of that name is found")
            .help("write it on one line, or put a `-` after the `|` or `>`");
        sink.report(match strip(value) {
            Some(edits) => finding.safe_fix("leave the line break out", edits),
            None => finding,
        });
    });
}

/// Adds the `-` that leaves the last line break out, where nothing else follows the indicator.
fn strip(value: Value<'_>) -> Option<Vec<Edit>> {
    let raw = value.raw();
    let header = raw.lines().next()?;
    let is_bare = matches!(header.trim_end(), "|" | ">");
    // What is left must be a name.
    let is_name = !value.text().trim_end_matches('\n').ends_with(char::is_whitespace)
        && !value.text().starts_with(char::is_whitespace);
    (is_bare && is_name).then(|| vec![Edit { span: Span::at(value.span().start + 1), text: "-".to_owned() }])
}
