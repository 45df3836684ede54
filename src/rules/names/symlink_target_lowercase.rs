//! Shared files that are taken for a cluster's.

use crate::repo::Document;
use crate::rules::written::excerpt;
use crate::rules::{Check, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds shared files whose name PaaSTA takes for that of a cluster.
    ///
    /// ## Why it matters
    ///
    /// A file that several clusters share through links is named in capitals, `marathon-SHARED.yaml`, so
    /// that PaaSTA passes over it. `marathon-shared.yaml` is a file of a cluster called `shared`: its
    /// instances are counted, deploy groups are demanded for them. It is advice and off by default, since
    /// only links show that the name is meant so.
    ///
    /// ## Example
    ///
    /// A file `marathon-shared.yaml` that the link `marathon-norcal-prod.yaml` leads to.
    ///
    /// ## Use instead
    ///
    /// A file `marathon-SHARED.yaml`.
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `utils:list_clusters`, whose pattern is `[0-9a-z_-]*`.
    "symlink-target-lowercase" in Names,
    level: Info,
    check: Check::Service(check),
};

/// What shared files are called.
const SHARED: [&str; 7] = ["shared", "common", "template", "default", "defaults", "base", "all"];

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let documents = &cx.service.documents;
    for document in documents.iter().filter(|document| !document.is_link) {
        let Some(cluster) = document.cluster.as_deref().filter(|cluster| SHARED.contains(cluster)) else {
            continue;
        };
        let Some(link) = documents.iter().find(|other| leads_to(other, document)) else { continue };
        let kind = document.kind.map_or("", |kind| kind.name());
        sink.report(
            cx.at_place(
                document.whole(),
                format!("PaaSTA takes this shared file for one of a cluster `{cluster}`"),
            )
            .related(link.whole(), "this link leads to it")
            .why("its instances count as those of a cluster that does not exist")
            .help(format!(
                "rename it to `{}`, and let the links follow",
                excerpt(&format!("{kind}-{}.yaml", cluster.to_uppercase()))
            ))
            .identity("shared"),
        );
    }
}

/// Whether `link` is a link of the same kind that holds the same text; the listing does not say where
/// links lead.
fn leads_to(link: &Document, document: &Document) -> bool {
    link.is_link
        && link.kind == document.kind
        && matches!((link.source(), document.source()), (Some(a), Some(b)) if a.text() == b.text())
}
