//! Pages for clusters that are not production.

use std::collections::BTreeSet;

use crate::model::kind::FileKind;
use crate::rules::written::excerpt;
use crate::rules::{Blocks, Check, On, Rule, ServiceCx, Sink};

use super::team_missing::{is_monitored, setting};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances that page somebody in a cluster whose name says that it is for development or
    /// tests.
    ///
    /// ## Why it matters
    ///
    /// Few want to be woken for a development cluster. The documentation's example pages for `prod`
    /// only. It is advice and off by default.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-dev.yaml
    /// main:
    ///   instances: 1
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
    /// ```yaml marathon-norcal-dev.yaml
    /// main:
    ///   instances: 1
    ///   monitoring:
    ///     page: false
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
    /// The examples of the configuration reference on monitoring.yaml.
    "page-dev" in Monitoring,
    level: Info,
    blocks: Blocks::Nothing,
    on: On::keys(&["monitoring", "page"]).within(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let mut said = BTreeSet::new();
    for instance in cx.instances().filter(is_monitored) {
        let cluster = instance.instance.cluster;
        if !is_for_tests(cluster) {
            continue;
        }
        let Some(page) = setting(&instance, "page").filter(|page| page.value.as_bool() == Some(true)) else {
            continue;
        };
        let place = page.value_place();
        if said.insert((place.file.to_string(), place.span.map(|span| span.start))) {
            sink.report(
                instance
                    .at_value(&page, format!("somebody is paged for the cluster `{}`", excerpt(cluster)))
                    .label("also there")
                    .why("whoever is on call is woken for what no user sees")
                    .help("set `monitoring: {page: false}` for the instances of this cluster"),
            );
        }
    }
}

/// Whether a part of the cluster's name says so.
fn is_for_tests(cluster: &str) -> bool {
    cluster.split(['-', '_']).any(|word| {
        let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
        matches!(
            word,
            "dev"
                | "devel"
                | "development"
                | "test"
                | "testing"
                | "stage"
                | "staging"
                | "sandbox"
                | "playground"
        )
    })
}
