//! Characters in the cluster part of a file name.

use crate::model::kind::{FileName, classify};
use crate::rules::written::excerpt;
use crate::rules::{Check, Rule, ServiceCx, Sink};

use crate::rules::written::is_file;

pub(crate) static RULE: Rule = rule! {
    /// Finds files whose cluster part has characters that no cluster's name has.
    ///
    /// ## Why it matters
    ///
    /// Names of clusters are made of lower-case letters, digits, `_` and `-`. A file with anything else
    /// there, such as a dot or a blank, belongs to no cluster: nothing of it runs, and nothing says so.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal.prod.yaml
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
    /// The configuration reference (other files are ignored); paasta-tools 0.66.6
    /// `utils:list_clusters`, whose pattern is `[0-9a-z_-]*`.
    "cluster-name-chars" in Names,
    level: Error,
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    for entry in cx.service.oddly_named().filter(|entry| is_file(entry)) {
        let FileName::BadClusterCharacters { cluster, .. } = classify(&entry.name) else { continue };
        let message =
            format!("`{}` cannot be the name of a cluster, so nothing reads this file", excerpt(cluster));
        sink.report(
            cx.at_place(cx.service.entry_place(&entry.name), message)
                .why("PaaSTA takes lower-case letters, digits, `_` and `-` for a cluster, and passes over other files")
                .help("rename it after the cluster, or delete it if it is not needed any more")
                .identity("characters"),
        );
    }
}
