//! One name for two instances.

use std::collections::BTreeMap;

use crate::model::kind::FileKind;
use crate::repo::Document;
use crate::rules::support::words::shown;
use crate::rules::{Check, InstanceCx, On, Rule, ServiceCx, Sink, instances_of};
use crate::yaml::{Kind, Tree};

pub(crate) static RULE: Rule = rule! {
    /// Finds a name that two kinds of instances of one service share in one cluster.
    ///
    /// ## Why it matters
    ///
    /// `service.instance` in a cluster names one thing. If a Marathon instance and a Chronos job (or an
    /// adhoc instance) have the same name, they share one entry of deployment data: stopping or
    /// starting one does it to both. Commands such as `paasta local-run` find only the
    /// first, in the order Marathon, Chronos, adhoc.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 2
    /// ```
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// main:
    ///   schedule: 0 3 * * *
    ///   cmd: exec bin/clean
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 2
    /// ```
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// clean:
    ///   schedule: 0 3 * * *
    ///   cmd: exec bin/clean
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `utils:validate_service_instance` (the first kind wins) and the key of
    /// deployments.json, `service:paasta-cluster.instance`; later versions refuse it.
    "duplicate-instance-name" in Names,
    level: Error,
    on: On::kinds(&FileKind::WITH_INSTANCES),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let files = || cx.service.documents.iter().filter(|document| document.has_instances());
    for document in files().filter(|document| document.kind == Some(FileKind::Adhoc)) {
        check_native(cx, document, sink);
    }
    let mut kinds = files().map(|document| document.kind);
    let first = kinds.next();
    if !kinds.any(|kind| Some(kind) != first) {
        return;
    }
    let mut clusters: BTreeMap<&str, Vec<&Document>> = BTreeMap::new();
    for document in files() {
        if let Some(cluster) = &document.cluster {
            clusters.entry(cluster).or_default().push(document);
        }
    }
    for documents in clusters.into_values().filter(|documents| documents.len() > 1) {
        check_cluster(cx, documents, sink);
    }
}

/// local-run looks for an adhoc instance among those of Mesos' own framework first, and knows no way to
/// run them.
fn check_native(cx: &ServiceCx<'_>, adhoc: &Document, sink: &mut Sink<'_>) {
    let Some(cluster) = &adhoc.cluster else { return };
    let Some(native) = cx.service.document(&format!("paasta_native-{cluster}.yaml")) else { return };
    let Some(root) = native.tree().map(Tree::root).filter(|root| root.kind() == Kind::Map) else { return };
    for instance in instances_of(cx.env, cx.service, adhoc) {
        let name = instance.instance.name;
        let Some(first) = root.entry(name) else { continue };
        sink.report(
            instance
                .at_name(format!("`{}` is also the name of an instance of paasta_native", shown(name)))
                .label("the second of this name")
                .related(native.place(first.key.span()), "the first")
                .why("`paasta local-run` finds only the first, and fails with NotImplementedError")
                .help("rename one of them, also in deploy.yaml if it has a step of its own"),
        );
    }
}

fn check_cluster(cx: &ServiceCx<'_>, mut documents: Vec<&Document>, sink: &mut Sink<'_>) {
    // PaaSTA's order: of equal names it finds the first.
    documents.sort_by_key(|document| document.kind);
    let mut seen: BTreeMap<&str, InstanceCx<'_>> = BTreeMap::new();
    for document in documents {
        for instance in instances_of(cx.env, cx.service, document) {
            let name = instance.instance.name;
            match seen.get(name) {
                Some(first) => sink.report(
                    instance
                        .at_name(format!(
                            "`{}` is also the name of {} in this cluster",
                            shown(name),
                            noun(first.instance.kind)
                        ))
                        .label("the second of this name")
                        .related(first.document.place(first.instance.entry.key.span()), "the first")
                        .why("both share one entry of deployment data, and commands find only the first")
                        .help("rename one of them, also in deploy.yaml if it has a step of its own"),
                ),
                None => {
                    seen.insert(name, instance);
                }
            }
        }
    }
}

fn noun(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Chronos => "a Chronos job",
        FileKind::Adhoc => "an adhoc instance",
        _ => "a Marathon instance",
    }
}
