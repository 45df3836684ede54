//! How many locations the tasks of an instance are spread over.

use std::collections::BTreeMap;

use crate::config::Location;
use crate::model::kind::FileKind;
use crate::rules::support::registered::{self, Known, Namespaces};
use crate::rules::{InstanceCx, Located, ServiceCx};
use crate::yaml::Kind;

/// An instance with a fixed number of tasks that are spread over locations.
pub(crate) struct Spread<'c, 'a> {
    /// The instance.
    pub(crate) cx: InstanceCx<'a>,
    /// Where the number of tasks is written.
    pub(crate) instances: Located<'a>,
    /// The number of tasks, at least 1.
    pub(crate) count: i64,
    /// The number of locations, at least 2.
    pub(crate) locations: i64,
    /// Their type.
    pub(crate) kind: &'c str,
}

/// Where tasks are spread unless the namespace says otherwise (paasta-behaviour.md section 4).
const DISCOVER: &str = "region";

/// Calls `visit` with every instance of which it is known how many locations its tasks are spread over:
/// the site's mapping has a location that is called like the cluster, and nothing else places the tasks.
pub(crate) fn each<'a>(cx: &ServiceCx<'a>, mut visit: impl FnMut(Spread<'_, 'a>)) {
    let Some(mapping) = &cx.env.settings.site.location_mapping else { return };
    let mut namespaces: Option<Namespaces<'a>> = None;
    // Looking a cluster up takes time in the size of the mapping.
    let mut known: BTreeMap<(&str, String), i64> = BTreeMap::new();
    for instance in cx.instances() {
        let Some((instances, count)) = tasks(&instance) else { continue };
        let Some(first) = registered::first(&instance).filter(|first| first.service == cx.service.name)
        else {
            continue;
        };
        let namespaces = namespaces.get_or_insert_with(|| Namespaces::of(cx.env, cx.service));
        let Known::Present(namespace) = namespaces.get(first.namespace) else { continue };
        if !registered::has_port(namespace) {
            continue;
        }
        let kind = match namespace.get("discover") {
            Some(discover) => match discover.value.as_str() {
                Some(kind) => kind,
                None => continue,
            },
            None => DISCOVER,
        };
        let cluster = instance.instance.cluster;
        let locations = *known.entry((cluster, kind.to_owned())).or_insert_with(|| {
            let outer = mapping.kinds().filter(|outer| mapping.has(outer, cluster));
            let within = |outer: &str| {
                let location = Location { kind: outer.to_owned(), name: cluster.to_owned() };
                mapping.within(&location, kind).len()
            };
            outer.map(within).max().and_then(|count| i64::try_from(count).ok()).unwrap_or(0)
        });
        if locations > 1 {
            visit(Spread { cx: instance, instances, count, locations, kind });
        }
    }
}

/// The fixed number of tasks, unless something narrows the locations.
fn tasks<'a>(cx: &InstanceCx<'a>) -> Option<(Located<'a>, i64)> {
    if cx.instance.kind != FileKind::Marathon || cx.instance.entry.value.kind() != Kind::Map {
        return None;
    }
    let instances = cx.set("instances")?;
    let count = instances.value.as_i64().filter(|count| *count > 0)?;
    let narrows =
        ["max_instances", "constraints", "extra_constraints", "deploy_whitelist", "deploy_blacklist", "pool"];
    narrows.iter().all(|key| cx.set(key).is_none()).then_some((instances, count))
}
