//! Pages after more than a day.

use std::collections::BTreeSet;

use crate::effective::time_span;
use crate::model::kind::FileKind;
use crate::rules::{Blocks, Check, InstanceCx, Located, On, Rule, ServiceCx, Sink};

use super::team_missing::{is_monitored, setting};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances that page somebody, but only once something has been failing for more than a
    /// day.
    ///
    /// ## Why it matters
    ///
    /// A page wakes somebody because it cannot wait. With an `alert_after` of days the outage is over,
    /// or everybody knows of it, before the page comes. Most often another unit was meant: `D` is days,
    /// `h` hours, `m` minutes.
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
    /// alert_after: 2D
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
    /// alert_after: 2h
    /// ```
    ///
    /// ## Source
    ///
    /// pysensu-yelp 0.3.4 on the units; the configuration reference on monitoring.yaml.
    "alert-after-range" in Monitoring,
    level: Warning,
    blocks: Blocks::Nothing,
    on: On::keys(&["monitoring", "alert_after"]).within(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Service(check),
};

/// A day, in seconds.
const DAY: u64 = 86_400;

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let mut said = BTreeSet::new();
    for instance in cx.instances().filter(is_monitored) {
        let Some((page, after, seconds)) = paged_after(&instance) else { continue };
        // Months have a finding of their own.
        if seconds <= DAY || after.value.text().contains('M') {
            continue;
        }
        let place = after.value_place();
        if said.insert((place.file.to_string(), place.span.map(|span| span.start))) {
            sink.report(
                instance
                    .at_value(&after, "somebody is paged only after more than a day")
                    .label("`D` is days, `W` weeks, `Y` years")
                    .related(page.value_place(), "the page is asked for here")
                    .why("what may wait for days need not wake anybody, and what may not is noticed too late")
                    .help("write a shorter time (`10m`, `2h`), or do without `page`"),
            );
        }
    }
}

/// `page` where it is true, and `alert_after` with its seconds.
pub(in crate::rules) fn paged_after<'a>(cx: &InstanceCx<'a>) -> Option<(Located<'a>, Located<'a>, u64)> {
    let after = setting(cx, "alert_after")?;
    let seconds = u64::try_from(time_span(after.value.as_str()?)?.seconds()).unwrap_or(u64::MAX);
    let page = setting(cx, "page").filter(|page| page.value.as_bool() == Some(true))?;
    Some((page, after, seconds))
}
