//! Which instances a deploy group deploys.

use std::collections::BTreeMap;

use crate::effective::{InstanceConfig, ServiceConfig};
use crate::model::kind::FileKind;

use super::Deployed;

/// The instances of every deploy group, over all clusters and kinds. An instance whose group cannot
/// be worked out deploys nowhere.
pub(super) fn by_group(service: &ServiceConfig<'_>) -> BTreeMap<String, Vec<Deployed>> {
    let mut groups: BTreeMap<String, Vec<Deployed>> = BTreeMap::new();
    for document in &service.service().documents {
        let (Some(kind), Some(cluster)) =
            (document.kind.filter(|kind| kind.has_instances()), &document.cluster)
        else {
            continue;
        };
        for (name, group) in groups_of_file(service, kind, cluster) {
            groups.entry(group).or_default().push(Deployed {
                cluster: cluster.clone(),
                kind: kind.name(),
                name,
            });
        }
    }
    for instances in groups.values_mut() {
        instances.sort();
    }
    groups
}

/// The names of a file's instances with their deploy groups.
fn groups_of_file(service: &ServiceConfig<'_>, kind: FileKind, cluster: &str) -> Vec<(String, String)> {
    let written = crate::effective::entries(service.service(), kind, cluster);
    let of = |entry: crate::effective::Written<'_>| {
        let own = service.value(entry.entry.value, entry.document);
        let config = InstanceConfig::new(service, kind, cluster, entry.name, own).ok()?;
        Some((entry.name.to_owned(), config.deploy_group().as_str()?.to_owned()))
    };
    written.into_iter().filter_map(|entry| of(entry.ok()?)).collect()
}
