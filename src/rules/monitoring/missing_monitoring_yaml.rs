//! A service that runs something, and nobody to tell when it does not.

use crate::model::kind::FileKind;
use crate::rules::written::excerpt;
use crate::rules::{Blocks, Check, On, Rule, ServiceCx, Sink};

use super::team_missing::{FILES, has_team, is_monitored};

pub(crate) static RULE: Rule = rule! {
    /// Finds services without a monitoring.yaml whose instances name no team either.
    ///
    /// ## Why it matters
    ///
    /// Alerts go to the team that monitoring.yaml, or the instance, names. Without a team, PaaSTA drops
    /// every alert about the service without a word: it can be down for days and nobody is told.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 2
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
    /// ```
    ///
    /// ## Source
    ///
    /// The configuration reference: `team` is the only mandatory key of monitoring.yaml; paasta-tools
    /// 0.66.6 `monitoring_tools:send_event`, which returns when there is no team.
    "missing-monitoring-yaml" in Monitoring,
    level: Error,
    blocks: Blocks::JenkinsAndSensu,
    on: On::kinds(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    // With the wrong ending, `file-yml-extension` says what is wrong.
    let is_there = ["monitoring.yaml", "monitoring.yml"].iter().any(|name| cx.service.has_entry(name));
    if is_there || !cx.service.knows(&FILES) {
        return;
    }
    let Some(instance) = cx.instances().find(|instance| is_monitored(instance) && !has_team(instance)) else {
        return;
    };
    let name = instance.instance.name;
    sink.report(
        cx.at_place(cx.service.place(), "there is no monitoring.yaml, so nobody is alerted")
            .related(
                instance.document.place(instance.instance.entry.key.span()),
                format!("`{}` names no team either", excerpt(name)),
            )
            .why("PaaSTA drops every alert that has no team, without a word")
            .help("add a monitoring.yaml with at least `team: <your team>`")
            .identity("monitoring.yaml"),
    );
}
