//! Pages without a runbook.

use std::collections::BTreeSet;

use crate::model::kind::FileKind;
use crate::rules::{Check, On, Rule, ServiceCx, Sink};
use crate::yaml::Kind;

use super::team_missing::{FILES, is_monitored, setting};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances that page somebody without naming a runbook.
    ///
    /// ## Why it matters
    ///
    /// Whoever is woken by the page reads "Please set a `runbook` field" where the way out should
    /// stand. It is advice and off by default.
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
    /// ```
    ///
    /// ## Source
    ///
    /// The configuration reference, which highly recommends a runbook; paasta-tools 0.66.6
    /// `monitoring_tools:get_runbook`, whose default is that text.
    "page-without-runbook" in Monitoring,
    level: Info,
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
        let has_runbook = setting(&instance, "runbook").is_some_and(|runbook| match runbook.value.kind() {
            Kind::Null => false,
            Kind::Str => !runbook.value.text().trim().is_empty(),
            _ => true,
        });
        let place = page.value_place();
        if !has_runbook && said.insert((place.file.to_string(), place.span.map(|span| span.start))) {
            sink.report(
                instance
                    .at_value(&page, "somebody is paged, but there is no `runbook`")
                    .label("what should they do?")
                    .why("the page says \"Please set a `runbook` field\" instead of what to do")
                    .help("add `runbook`, a short link to what helps"),
            );
        }
    }
}
