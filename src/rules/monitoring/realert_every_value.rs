//! How often an alert is repeated.

use crate::diagnostic::Severity;
use crate::model::kind::FileKind;
use crate::rules::written::monitoring;
use crate::rules::{Blocks, Check, DocumentCx, Fixable, Level, On, Rule, Sink};
use crate::yaml::{Kind, Tree, edit};

pub(crate) static RULE: Rule = rule! {
    /// Finds values of `realert_every` that are zero, more checks than a day has, or text where a service has
    /// Chronos jobs.
    ///
    /// ## Why it matters
    ///
    /// `realert_every` counts checks, one a minute, not seconds or minutes of some other unit. Zero
    /// does not mean "never again": Sensu takes it for -1, which doubles the distance each time. With
    /// more than 1440, nobody hears again for more than a day of an alert that is still open.
    ///
    /// ## Example
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// realert_every: 0
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// realert_every: -1
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Sensu takes the one for the other.
    ///
    /// ## Source
    ///
    /// The configuration reference on monitoring.yaml; the documentation of Sensu's handlers.
    "realert-every-value" in Monitoring,
    level: Warning,
    also: &[Level::Error],
    blocks: Blocks::Nothing,
    fix: Fixable::Sometimes,
    on: On::keys(&["monitoring", "realert_every"]),
    check: Check::Document(check),
};

/// Checks in a day.
const DAY: i64 = 24 * 60;

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for (_, entry) in monitoring(cx, "realert_every") {
        let value = entry.value;
        // In an instance, the shape of its kind says it.
        if value.kind() == Kind::Str && !cx.document.has_instances() && has_jobs(cx) {
            sink.report(
                cx.at(value.span(), "`realert_every` must be a number where there are Chronos jobs, not text")
                    .label("text")
                    .why("the check of Chronos jobs computes with it and fails: no job of the cluster has alerts then")
                    .help("remove the quotes")
                    .safe_fix("remove the quotes", edit::unquote(value))
                    .severity(Severity::Error),
            );
            continue;
        }
        match value.as_i64() {
            Some(0) => sink.report(
                cx.at(value.span(), "`realert_every: 0` does not mean that an alert is not repeated")
                    .label("taken for -1")
                    .why("Sensu takes 0 for -1: it repeats the alert, at distances that double each time")
                    .help("write `-1`, or the number of checks (minutes) between two alerts")
                    .safe_fix("write `-1`", edit::write(value, "-1")),
            ),
            Some(count) if count > DAY => sink.report(
                cx.at(
                    value.span(),
                    format!("an alert is repeated after {} hours at the earliest", count / 60),
                )
                .label("counts checks, one a minute")
                .why("it is no time in seconds: a check runs once a minute")
                .help("write the number of minutes between two alerts, or `-1`"),
            ),
            _ => {}
        }
    }
}

fn has_jobs(cx: &DocumentCx<'_>) -> bool {
    let mut files = cx.service.documents.iter().filter(|file| file.kind == Some(FileKind::Chronos));
    files.any(|file| file.tree().map(Tree::root).is_some_and(|root| !root.is_empty()))
}
