//! Months where minutes were meant.

use crate::diagnostic::Edit;
use crate::effective::time_span;
use crate::rules::written::{excerpt, monitoring};
use crate::rules::{Check, DocumentCx, Fixable, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds `alert_after` in months: `M` is 30 days, minutes are `m`.
    ///
    /// ## Why it matters
    ///
    /// `alert_after: 10M` is accepted and means 300 days. Until then nobody is alerted.
    ///
    /// ## Example
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// alert_after: 10M
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// alert_after: 10m
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Unsafe: the time changes, though hardly anybody means months.
    ///
    /// ## Source
    ///
    /// pysensu-yelp 0.3.4, recorded by running it: `10M` is 25,920,000 seconds.
    "alert-after-months" in Monitoring,
    level: Warning,
    fix: Fixable::Always,
    on: On::keys(&["monitoring", "alert_after"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for (_, entry) in monitoring(cx, "alert_after") {
        let value = entry.value;
        let Some(text) = value.as_str() else { continue };
        if !time_span(text).is_some_and(|span| span.has('M')) {
            continue;
        }
        let minutes = text.replace('M', "m");
        let edit = Edit { span: value.span(), text: minutes.clone() };
        sink.report(
            cx.at(value.span(), format!("`{}` is in months", excerpt(text)))
                .label("`M` is 30 days")
                .why("alerts come only after that time, so in effect never")
                .help(format!("write `{}` if you mean minutes", excerpt(&minutes)))
                .unsafe_fix("make minutes of it", vec![edit]),
        );
    }
}
