//! Clusters that the site does not have.

use crate::repo::Document;
use crate::rules::written::excerpt;
use crate::rules::{Check, Rule, ServiceCx, Sink};
use crate::source::Span;
use crate::suggest::nearest;

pub(crate) static RULE: Rule = rule! {
    /// Finds files for clusters that are not among those of the site.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA looks for the files of its clusters by name. One for `norcal-prdo` is not refused: nobody
    /// looks for it, and nothing of it runs.
    ///
    /// The rule needs `site: {clusters: [..]}` in `.soalint.yaml` and is silent without it.
    ///
    /// ## Example
    ///
    /// ```config
    /// site: {clusters: [norcal-prod, norcal-stage]}
    /// ```
    ///
    /// ```yaml marathon-norcal-prdo.yaml
    /// main:
    ///   instances: 2
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```config
    /// site: {clusters: [norcal-prod, norcal-stage]}
    /// ```
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 2
    /// ```
    ///
    /// ## Source
    ///
    /// The configuration reference: files are named after their cluster.
    "cluster-unknown" in Names,
    level: Warning,
    // The default deploy group is made of the cluster's name.
    supersedes: &["deploy-group-missing-step"],
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let Some(clusters) = &cx.env.settings.site.clusters else { return };
    let unknown = |document: &&Document| {
        document.cluster.as_ref().is_some_and(|cluster| !cluster.is_empty() && !clusters.contains(cluster))
    };
    for document in cx.service.documents.iter().filter(unknown) {
        let cluster = document.cluster.as_deref().unwrap_or_default();
        let kind = document.kind.map_or("", |kind| kind.name());
        let help = match nearest(cluster, clusters.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{kind}-{}.yaml`?", excerpt(near)),
            None => {
                "use a cluster of the site, or add this one to `site.clusters` in .soalint.yaml".to_owned()
            }
        };
        let length = document.source().map_or(0, |source| source.text().len());
        sink.report(
            cx.at_place(document.whole(), format!("the site has no cluster `{}`", excerpt(cluster)))
                .cluster(cluster)
                .why("nobody looks for the file: nothing of it runs")
                .help(help)
                .covers(Span::new(0, u32::try_from(length).unwrap_or(u32::MAX)))
                .identity("cluster"),
        );
    }
}
