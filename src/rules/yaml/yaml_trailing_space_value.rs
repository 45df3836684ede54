//! Quoted names with blanks at an end.

use crate::rules::support::edges::each_edged;
use crate::rules::support::edits::replace;
use crate::rules::support::words::shown;
use crate::rules::{Check, DocumentCx, Fixable, Rule, Sink};
use crate::yaml::Style;

pub(crate) static RULE: Rule = rule! {
    /// Finds quoted names, paths and addresses that begin or end with blanks.
    ///
    /// ## Why it matters
    ///
    /// Within quotes blanks belong to the value. `"default "` is another pool than `default`, `"ops "`
    /// another team: nothing refuses it, and nothing is found under it.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   pool: "default "
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   pool: default
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Removing the blanks is safe: no such name has any.
    ///
    /// ## Source
    ///
    /// PaaSTA compares these values letter by letter.
    "yaml-trailing-space-value" in Yaml,
    level: Warning,
    fix: Fixable::Sometimes,
    supersedes: &[
        "net-unknown", "pool-unknown", "team-unknown", "dependencies-reference-missing", "project-format",
        "healthcheck-uri-format",
    ],
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    each_edged(cx, [Style::Single, Style::Double], |value, key| {
        let text = value.text();
        let trimmed = text.trim();
        let where_to = match (text.starts_with(char::is_whitespace), text.ends_with(char::is_whitespace)) {
            (true, true) => "begins and ends",
            (true, false) => "begins",
            _ => "ends",
        };
        let finding = cx
            .at(value.span(), format!("this value of `{key}` {where_to} with a blank"))
            .label("the blank belongs to the value")
            .why("it is compared letter by letter, so nothing of that name is found")
            .help(format!("write `{}`", shown(trimmed)));
        sink.report(match replace(value, trimmed) {
            Some(edits) => finding.safe_fix("remove the blank", edits),
            None => finding,
        });
    });
}
