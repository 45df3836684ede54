//! Locations that the site does not have.

use crate::model::kind::FileKind;
use crate::rules::support::words::shown;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink};
use crate::suggest;
use crate::yaml::{Kind, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds locations in whitelists and blacklists that are not among those of the site.
    ///
    /// ## Why it matters
    ///
    /// A whitelist of a location that does not exist leaves no host, so nothing is ever deployed. A
    /// blacklist of one keeps nothing away.
    ///
    /// The rule needs `site: {location-mapping: {..}}` in `.soalint.yaml` and is silent without it,
    /// and for types that the mapping does not have.
    ///
    /// ## Example
    ///
    /// ```config
    /// site: {location-mapping: {norcal-prod_superregion: {uswest1-prod_region: {}}}}
    /// ```
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   deploy_whitelist: [region, [uswest1prod]]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```config
    /// site: {location-mapping: {norcal-prod_superregion: {uswest1-prod_region: {}}}}
    /// ```
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   deploy_whitelist: [region, [uswest1-prod]]
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `deploy_whitelist` and `deploy_blacklist`; paasta-tools 0.66.6
    /// `mesos_tools:slave_passes_whitelist`.
    "location-value-unknown" in Placement,
    level: Warning,
    on: On::keys(&["deploy_blacklist", "monitoring_blacklist", "deploy_whitelist"]).within(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    if cx.env.settings.site.location_mapping.is_none() {
        return;
    }
    for key in ["deploy_blacklist", "monitoring_blacklist"] {
        let Some(list) = cx.set(key).filter(|list| list.value.kind() == Kind::Seq) else { continue };
        for pair in list.value.items().filter(|pair| pair.kind() == Kind::Seq && pair.len() == 2) {
            let mut parts = pair.items();
            let (Some(kind), Some(place)) = (parts.next().and_then(Value::as_str), parts.next()) else {
                continue;
            };
            judge(cx, &list, kind, place, "it keeps nothing away", sink);
        }
    }
    let Some(list) = cx.set("deploy_whitelist").filter(|list| list.value.kind() == Kind::Seq) else { return };
    let mut parts = list.value.items();
    let (Some(kind), Some(places)) = (parts.next().and_then(Value::as_str), parts.next()) else { return };
    if places.kind() == Kind::Seq {
        for place in places.items() {
            judge(
                cx,
                &list,
                kind,
                place,
                "no host is there; if no other location is listed, nothing is deployed",
                sink,
            );
        }
    }
}

fn judge(
    cx: &InstanceCx<'_>,
    list: &Located<'_>,
    kind: &str,
    place: Value<'_>,
    why: &'static str,
    sink: &mut Sink<'_>,
) {
    let Some(mapping) = &cx.env.settings.site.location_mapping else { return };
    let Some(name) = place.as_str().filter(|name| !mapping.has(kind, name)) else { return };
    if mapping.names(kind).next().is_none() {
        return;
    }
    let help = match suggest::nearest(name, mapping.names(kind)) {
        Some(meant) => format!("did you mean `{}`?", shown(meant)),
        None => {
            "use a location of the site, or add it to `site.location-mapping` in .soalint.yaml".to_owned()
        }
    };
    sink.report(
        cx.at_part(list, place, format!("the site has no {} `{}`", shown(kind), shown(name)))
            .label("unknown location")
            .why(why)
            .help(help),
    );
}
