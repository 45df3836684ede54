//! Tickets without a project.

use std::collections::BTreeSet;

use crate::model::kind::FileKind;
use crate::rules::{Blocks, Check, On, Rule, ServiceCx, Sink};

use super::team_missing::{FILES, is_monitored, setting};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances that make tickets without naming a `project`.
    ///
    /// ## Why it matters
    ///
    /// Without `project` the tickets go to the project that Sensu's configuration has for the team; if
    /// it has none, there are no tickets. It is advice and off by default.
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
    /// ticket: true
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
    /// ticket: true
    /// project: SHOP
    /// ```
    ///
    /// ## Source
    ///
    /// The configuration reference on `project`; the documentation of Sensu's handlers.
    "ticket-project" in Monitoring,
    level: Info,
    blocks: Blocks::Nothing,
    on: On::keys(&["monitoring", "ticket"]).within(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    if !cx.service.knows(&FILES) {
        return;
    }
    let mut said = BTreeSet::new();
    for instance in cx.instances().filter(is_monitored) {
        let Some(ticket) = setting(&instance, "ticket").filter(|ticket| ticket.value.as_bool() == Some(true))
        else {
            continue;
        };
        let has_project = setting(&instance, "project").is_some_and(|project| !project.value.is_null());
        let place = ticket.value_place();
        if !has_project && said.insert((place.file.to_string(), place.span.map(|span| span.start))) {
            sink.report(
                instance
                    .at_value(&ticket, "tickets are asked for, but no `project` is named")
                    .label("in which project?")
                    .why("they go to the team's project, or nowhere if Sensu knows none for the team")
                    .help("add `project`, the key of a JIRA project"),
            );
        }
    }
}
