//! Monitoring settings without a team.

use std::collections::BTreeSet;

use crate::effective::{Layer, find_sent};
use crate::model::kind::FileKind;
use crate::rules::written::excerpt;
use crate::rules::{Blocks, Check, InstanceCx, Located, On, Rule, ServiceCx, Sink};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds services and instances that monitoring.yaml and `monitoring` leave without a team.
    ///
    /// ## Why it matters
    ///
    /// `team` is the one key of monitoring.yaml that must be there: it says who is alerted. Without
    /// it, or with an empty one, PaaSTA drops every alert about the instance without a word,
    /// whatever else the file asks for.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 2
    /// ```
    ///
    /// ```yaml monitoring.yaml
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
    /// ```
    ///
    /// ## Source
    ///
    /// The configuration reference on monitoring.yaml; paasta-tools 0.66.6 `monitoring_tools:send_event`,
    /// which returns when there is no team.
    "team-missing" in Monitoring,
    level: Error,
    blocks: Blocks::JenkinsAndSensu,
    supersedes: &["monitoring-shape", "empty-file"],
    on: On::kinds(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Service(check),
};

const WHY: &str = "PaaSTA drops every alert that has no team, without a word";

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    if !cx.service.knows(&FILES) {
        return;
    }
    // `missing-monitoring-yaml` looks at services without the file.
    let Some(document) = cx.service.document("monitoring.yaml") else { return };
    // A file that is no mapping is said to be none; an empty one counts as a mapping.
    if !document.tree().is_some_and(|tree| matches!(tree.root().kind(), Kind::Map | Kind::Null)) {
        return;
    }
    let mut said = BTreeSet::new();
    let mut said_of_file = false;
    for instance in cx.instances().filter(is_monitored) {
        if has_team(&instance) {
            continue;
        }
        let name = excerpt(instance.instance.name);
        if let Some(team) = setting(&instance, "team") {
            let place = team.value_place();
            let start = place.span.map_or(0, |span| span.start);
            if said.insert((place.file.to_string(), start)) {
                sink.report(
                    instance
                        .at_value(&team, format!("the team of `{name}` is empty"))
                        .label("nobody is alerted")
                        .why(WHY)
                        .help("write the name of the team"),
                );
            }
        } else if !said_of_file {
            said_of_file = true;
            sink.report(
                cx.at_place(document.whole(), "monitoring.yaml names no team, so nobody is alerted")
                    .related(
                        instance.document.place(instance.instance.entry.key.span()),
                        format!("`{name}` names no team either"),
                    )
                    .why(WHY)
                    .help("add `team: <your team>`")
                    .absent(&["team"])
                    .identity("team"),
            );
        }
    }
}

/// Whether PaaSTA sends alerts about instances of this kind.
pub(in crate::rules) fn is_monitored(cx: &InstanceCx<'_>) -> bool {
    matches!(cx.instance.kind, FileKind::Marathon | FileKind::Chronos)
}

/// The files of a service that monitoring settings come from, beside those of instances.
pub(in crate::rules) const FILES: [&str; 2] = ["monitoring.yaml", "service.yaml"];

/// The entry of a monitoring setting that counts for the instance.
pub(in crate::rules) fn setting<'a>(cx: &InstanceCx<'a>, key: &str) -> Option<Located<'a>> {
    let within = |block: Located<'a>| (block.value.kind() == Kind::Map).then(|| block.entry(key)).flatten();
    let of_file = || {
        let (document, root) = cx.service.mapping("monitoring.yaml")?;
        Some(Located::new(document, root.entry(key)?))
    };
    let of_service = || cx.default("monitoring");
    find_sent(key, |layer| match layer {
        Layer::Instance => {
            let inherited = || of_service().map_or_else(of_file, within);
            match cx.own("monitoring") {
                None => inherited(),
                Some(own) if own.value.kind() == Kind::Map => within(own).or_else(inherited),
                Some(_) => None,
            }
        }
        Layer::File => of_file(),
        Layer::Service => of_service().and_then(within),
        Layer::Top => cx.default(key),
    })
}

/// Whether alerts of the instance have a team. A team that is no text is for other rules to say.
pub(in crate::rules) fn has_team(cx: &InstanceCx<'_>) -> bool {
    setting(cx, "team").is_some_and(|team| match team.value.kind() {
        Kind::Null => false,
        Kind::Str => !team.value.text().trim().is_empty(),
        _ => true,
    })
}
