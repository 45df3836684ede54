//! Blacklists that leave nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::kind::FileKind;
use crate::rules::support::locations::pair;
use crate::rules::support::words::shown;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds blacklists that have every location of a type.
    ///
    /// ## Why it matters
    ///
    /// Each host is in one location of each type. If all of them are blacklisted no host is left,
    /// and the instance can never be deployed.
    ///
    /// The rule needs `site: {location-mapping: {..}}` in `.soalint.yaml` and is silent without it.
    ///
    /// ## Example
    ///
    /// ```config
    /// site: {location-mapping: {norcal-prod_superregion: {uswest1-prod_region: {}, sfo1-prod_region: {}}}}
    /// ```
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   deploy_blacklist: [[region, uswest1-prod], [region, sfo1-prod]]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```config
    /// site: {location-mapping: {norcal-prod_superregion: {uswest1-prod_region: {}, sfo1-prod_region: {}}}}
    /// ```
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   deploy_blacklist: [[region, uswest1-prod]]
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `mesos_tools:slave_passes_blacklist`.
    "blacklist-all" in Placement,
    level: Error,
    on: On::kinds(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Entry(Slot::known("deploy_blacklist"), check),
};

fn check(cx: &InstanceCx<'_>, list: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(mapping) = &cx.env.settings.site.location_mapping else { return };
    if list.value.kind() != Kind::Seq {
        return;
    }
    if cx.set("constraints").is_some() {
        return;
    }
    let mut refused: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (kind, name) in list.value.items().filter_map(pair) {
        refused.entry(kind).or_default().insert(name);
    }
    for (kind, names) in refused {
        let mut all = mapping.names(kind).peekable();
        if all.peek().is_none() || !all.all(|name| names.contains(name)) {
            continue;
        }
        sink.report(
            cx.at_value(list, format!("every {} of the site is blacklisted", shown(kind)))
                .label("nothing is left")
                .why("no host is left on which the instance could run")
                .help("take the locations where it should run off the list"),
        );
    }
}
