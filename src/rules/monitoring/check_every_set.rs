//! `check_every`, which cannot be set.

use crate::rules::written::monitoring;
use crate::rules::{Check, DocumentCx, Fixable, On, Rule, Sink};
use crate::yaml::edit;

pub(crate) static RULE: Rule = rule! {
    /// Finds `check_every` among monitoring settings.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA's checks run once a minute, and PaaSTA overwrites the value with `1m`. Whoever sets it
    /// expects something that does not happen.
    ///
    /// ## Example
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// check_every: 5m
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: nothing reads the key.
    ///
    /// ## Source
    ///
    /// The configuration reference, which says that it cannot be configured; paasta-tools 0.66.6
    /// `check_marathon_services_replication` and `check_chronos_jobs`.
    "check-every-set" in Monitoring,
    level: Warning,
    fix: Fixable::Sometimes,
    on: On::keys(&["monitoring", "check_every"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for (block, entry) in monitoring(cx, "check_every") {
        sink.report(
            cx.at(entry.key.span(), "`check_every` cannot be configured")
                .label("always overwritten")
                .why("PaaSTA's checks run once a minute, whatever stands here")
                .help("delete it")
                .safe_fix("delete it", edit::remove_entry(block, entry)),
        );
    }
}
