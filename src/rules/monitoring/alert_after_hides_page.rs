//! Pages after more than half an hour.

use std::collections::BTreeSet;

use crate::model::kind::FileKind;
use crate::rules::{Blocks, Check, On, Rule, ServiceCx, Sink};

use super::alert_after_range::paged_after;
use super::team_missing::is_monitored;

pub(crate) static RULE: Rule = rule! {
    /// Finds instances that page somebody, but only once something has been failing for more than half
    /// an hour.
    ///
    /// ## Why it matters
    ///
    /// Whoever is paged wants to know early; in half an hour users have long noticed. It is advice and
    /// off by default.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 2
    /// ```
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// page: true
    /// runbook: y/rb-shop
    /// alert_after: 1h
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 2
    /// ```
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// page: true
    /// runbook: y/rb-shop
    /// alert_after: 10m
    /// ```
    ///
    /// ## Source
    ///
    /// The configuration reference on `alert_after`, which is 2m by default.
    "alert-after-hides-page" in Monitoring,
    level: Info,
    blocks: Blocks::Nothing,
    on: On::keys(&["monitoring", "alert_after"]).within(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Service(check),
};

/// Half an hour and a day, in seconds; beyond the day there is a warning.
const LATE: std::ops::RangeInclusive<u64> = 30 * 60 + 1..=86_400;

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let mut said = BTreeSet::new();
    for instance in cx.instances().filter(is_monitored) {
        let Some((page, after, seconds)) = paged_after(&instance).filter(|(.., s)| LATE.contains(s)) else {
            continue;
        };
        let place = after.value_place();
        if said.insert((place.file.to_string(), place.span.map(|span| span.start))) {
            sink.report(
                instance
                    .at_value(&after, format!("somebody is paged only after {} minutes", seconds / 60))
                    .label("late for a page")
                    .related(page.value_place(), "the page is asked for here")
                    .why("until then nobody is told")
                    .help("write a shorter time (`10m`), or do without `page`"),
            );
        }
    }
}
