//! Tips of several lines.

use crate::diagnostic::Severity;
use crate::rules::written::monitoring;
use crate::rules::{Blocks, Check, DocumentCx, Level, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds values of `tip` with a line break; tips of more than 120 characters are advice, off by
    /// default.
    ///
    /// ## Why it matters
    ///
    /// The tip is the one-line version of the runbook. It stands in pages, mails and chat lines, which
    /// are cut off after some hundred characters, or at the first line.
    ///
    /// ## Example
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// tip: |
    ///   look at the search service first
    ///   then at the database
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// tip: look at the search service first
    /// ```
    ///
    /// ## Source
    ///
    /// The configuration reference on `tip`; the documentation of Sensu's handlers on lengths.
    "tip-multiline" in Monitoring,
    level: Warning,
    also: &[Level::Info],
    blocks: Blocks::Nothing,
    on: On::keys(&["monitoring", "tip"]),
    check: Check::Document(check),
};

/// In characters; a page has 140 for everything.
const LONGEST: usize = 120;

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for (_, entry) in monitoring(cx, "tip") {
        let value = entry.value;
        let Some(text) = value.as_str().map(str::trim) else { continue };
        if text.contains('\n') {
            sink.report(
                cx.at(value.span(), "the tip has several lines")
                    .label("one line is wanted")
                    .why("pages and chat lines are cut off at the end of the first line")
                    .help("write one line, and the rest into the runbook"),
            );
        } else if text.chars().nth(LONGEST).is_some() {
            sink.report(
                cx.at(value.span(), format!("the tip has {} characters", text.chars().count()))
                    .label("long")
                    .why("a page has room for about 140 characters, everything included")
                    .help("say it shorter, and the rest in the runbook")
                    .severity(Severity::Info),
            );
        }
    }
}
