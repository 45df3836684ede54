//! Locations that are left out of alerts anyway.

use std::collections::BTreeSet;

use crate::diagnostic::Edit;
use crate::model::kind::FileKind;
use crate::rules::support::locations::pair;
use crate::rules::support::words::shown;
use crate::rules::{Check, Fixable, InstanceCx, On, Rule, Sink};
use crate::yaml::Kind;
use crate::yaml::edit;

pub(crate) static RULE: Rule = rule! {
    /// Finds entries of `monitoring_blacklist` that are in `deploy_blacklist`, too.
    ///
    /// ## Why it matters
    ///
    /// Where nothing is deployed, nothing is missed: paasta-tools 0.66 always adds the deploy
    /// blacklist to that of monitoring. By the documentation it is the default of the other one, so
    /// a list that only repeats it can go.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   deploy_blacklist: [[region, uswest1-prod]]
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
    /// ## Fix safety
    ///
    /// Safe: without the key the other list counts.
    ///
    /// ## Source
    ///
    /// The documentation of `monitoring_blacklist`; paasta-tools 0.66.6
    /// `utils:InstanceConfig.get_monitoring_blacklist`.
    "monitoring-blacklist-redundant" in Placement,
    level: Info,
    fix: Fixable::Sometimes,
    on: On::keys(&["monitoring_blacklist"]).within(&[FileKind::Marathon]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let Some(own) = cx.own("monitoring_blacklist").filter(|list| list.value.kind() == Kind::Seq) else {
        return;
    };
    let Some(deploy) = cx.set("deploy_blacklist").filter(|list| list.value.kind() == Kind::Seq) else {
        return;
    };
    if own.value.is_empty() {
        return;
    }
    let deployed: BTreeSet<(&str, &str)> = deploy.value.items().filter_map(pair).collect();
    // By the documentation the list replaces the other one: only a mere copy can go.
    if !own.value.items().all(|entry| pair(entry).is_some_and(|pair| deployed.contains(&pair))) {
        return;
    }
    let Some((kind, name)) = own.value.items().next().and_then(pair) else { return };
    if own.value.len() != deployed.len() {
        return;
    }
    sink.report(
        cx.at_key(
            &own,
            format!(
                "`monitoring_blacklist` repeats `deploy_blacklist`, as with `{}:{}`",
                shown(kind),
                shown(name)
            ),
        )
        .label("that is the default")
        .related(deploy.key_place(), "the same locations")
        .why("two lists must be kept equal where one would do")
        .help("remove it")
        .safe_fix("remove it", removal(cx)),
    );
}

fn removal(cx: &InstanceCx<'_>) -> Option<Vec<Edit>> {
    let body = cx.instance.entry.value;
    edit::remove_entry(body, body.entry("monitoring_blacklist")?)
}
