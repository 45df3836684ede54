//! Pages without a tip.

use std::collections::BTreeSet;

use crate::model::kind::FileKind;
use crate::rules::{Blocks, Check, On, Rule, ServiceCx, Sink};

use super::team_missing::{FILES, is_monitored, setting};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances that page somebody without a `tip`.
    ///
    /// ## Why it matters
    ///
    /// The tip is the runbook in one line: what to look at first. Without it the page says "Please set
    /// a `tip` field". It is advice and off by default.
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
    /// tip: look at the search service first
    /// ```
    ///
    /// ## Source
    ///
    /// The configuration reference on `tip`; paasta-tools 0.66.6 `monitoring_tools:get_tip`.
    "page-without-tip" in Monitoring,
    level: Info,
    blocks: Blocks::Nothing,
    on: On::keys(&["monitoring", "page"]).within(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    if !cx.service.knows(&FILES) {
        return;
    }
    let mut said = BTreeSet::new();
    for instance in cx.instances().filter(is_monitored) {
        let Some(page) = setting(&instance, "page").filter(|page| page.value.as_bool() == Some(true)) else {
            continue;
        };
        let has_tip = setting(&instance, "tip")
            .is_some_and(|tip| tip.value.as_str() != Some("") && !tip.value.is_null());
        let place = page.value_place();
        if !has_tip && said.insert((place.file.to_string(), place.span.map(|span| span.start))) {
            sink.report(
                instance
                    .at_value(&page, "somebody is paged, but there is no `tip`")
                    .label("what should they look at first?")
                    .why("the page says \"Please set a `tip` field\" instead")
                    .help("add `tip`, one line on what helps most often"),
            );
        }
    }
}
