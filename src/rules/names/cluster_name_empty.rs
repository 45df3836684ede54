//! A file for a cluster without a name.

use crate::model::kind::{FileName, classify};
use crate::rules::{Check, Rule, ServiceCx, Sink};

use crate::rules::written::is_file;

pub(crate) static RULE: Rule = rule! {
    /// Finds files such as `marathon-.yaml`, which name no cluster.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA sees a cluster whose name is empty. There is none, so nothing of the file runs.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-.yaml
    /// main:
    ///   instances: 2
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 2
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `utils:list_clusters`, whose pattern `[0-9a-z_-]*` matches the empty text, too.
    "cluster-name-empty" in Names,
    level: Error,
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    for entry in cx.service.oddly_named().filter(|entry| is_file(entry)) {
        let FileName::EmptyCluster { kind } = classify(&entry.name) else { continue };
        sink.report(
            cx.at_place(cx.service.entry_place(&entry.name), "the file name has no cluster after the `-`")
                .why("PaaSTA takes it for a cluster without a name, and nothing of it runs")
                .help(format!("name the cluster: `{}-<cluster>.yaml`", kind.name()))
                .identity("empty"),
        );
    }
}
