//! Locations where tasks run and nobody counts them.

use std::collections::BTreeSet;

use crate::model::kind::FileKind;
use crate::rules::support::locations::pair;
use crate::rules::support::words::shown;
use crate::rules::{Check, InstanceCx, On, Rule, Sink};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds locations that alerts leave out although tasks may run there.
    ///
    /// ## Why it matters
    ///
    /// Monitoring assumes that no task runs in a location of `monitoring_blacklist`, and expects all
    /// of them in the others. If tasks do run there, too few are left elsewhere, and alerts come
    /// although nothing is wrong.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   monitoring_blacklist: [[region, uswest1-prod]]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   deploy_blacklist: [[region, uswest1-prod]]
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `monitoring_blacklist`: it "assumes that instances are not deployed
    /// there as well".
    "monitoring-blacklist-only" in Placement,
    // Site-wide lists, which are not seen here, may keep tasks away.
    level: Info,
    strict: Some(crate::rules::Level::Warning),
    on: On::keys(&["monitoring_blacklist"]).within(&[FileKind::Marathon]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let Some(own) = cx.own("monitoring_blacklist").filter(|list| list.value.kind() == Kind::Seq) else {
        return;
    };
    // Where explicit constraints or a whitelist say what is left out, nobody can judge here.
    if cx.set("constraints").is_some()
        || cx.set("deploy_whitelist").is_some_and(|list| !list.value.is_empty())
    {
        return;
    }
    let deploy = cx.set("deploy_blacklist");
    let refused: BTreeSet<(&str, &str)> = match &deploy {
        Some(list) if list.value.kind() != Kind::Seq => return,
        Some(list) => list.value.items().filter_map(pair).collect(),
        None => BTreeSet::new(),
    };
    for entry in own.value.items() {
        let Some((kind, name)) = pair(entry).filter(|pair| !refused.contains(pair)) else { continue };
        let mut finding = cx
            .at_part(
                &own,
                entry,
                format!("tasks may run in `{}:{}`, but are not counted there", shown(kind), shown(name)),
            )
            .label("not in `deploy_blacklist`")
            .why("all tasks are expected in the other locations, so alerts come although nothing is wrong")
            .help("add the location to `deploy_blacklist`, or remove it here");
        if let Some(deploy) = &deploy {
            finding = finding.related(deploy.key_place(), "tasks keep away from these");
        }
        sink.report(finding);
    }
}
