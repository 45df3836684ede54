//! Runbooks that are no links.

use crate::diagnostic::Severity;
use crate::rules::written::{excerpt, monitoring};
use crate::rules::{Blocks, Check, DocumentCx, Level, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds values of `runbook` that are no link.
    ///
    /// ## Why it matters
    ///
    /// Somebody with a telephone in the dark taps on the link, or types it. A text with blanks in it,
    /// or without any `/`, leads nowhere. The documentation asks for short links; long ones are advice,
    /// off by default.
    ///
    /// ## Example
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// runbook: see the wiki
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// runbook: y/rb-storefront
    /// ```
    ///
    /// ## Source
    ///
    /// The configuration reference on `runbook`, whose example is `y/rb-mesos`.
    "runbook-form" in Monitoring,
    level: Warning,
    also: &[Level::Info],
    blocks: Blocks::Nothing,
    on: On::keys(&["monitoring", "runbook"]),
    check: Check::Document(check),
};

/// A link that is longer takes a long time to type, in characters.
const LONGEST: usize = 60;

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for (_, entry) in monitoring(cx, "runbook") {
        let value = entry.value;
        let Some(text) = value.as_str().map(str::trim).filter(|text| !text.is_empty()) else { continue };
        let is_link = text.contains(['/', '.']) && !text.contains(char::is_whitespace);
        if !is_link {
            sink.report(
                cx.at(value.span(), format!("`{}` is no link to a runbook", excerpt(text)))
                    .label("a link is wanted")
                    .why("whoever is paged cannot follow it")
                    .help("write a link, as short as possible (`y/rb-...`); words belong into `tip`"),
            );
        } else if text.chars().nth(LONGEST).is_some() {
            sink.report(
                cx.at(
                    value.span(),
                    format!("the link to the runbook has {} characters", text.chars().count()),
                )
                .label("long")
                .why("it may have to be copied from a small screen")
                .help("use a short link (`y/rb-...`)")
                .severity(Severity::Info),
            );
        }
    }
}
