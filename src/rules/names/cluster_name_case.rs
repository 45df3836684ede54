//! Capitals in the cluster part of a file name.

use crate::diagnostic::FixSafety;
use crate::model::kind::{FileName, classify};
use crate::repo::Document;
use crate::rules::written::excerpt;
use crate::rules::{Check, Fixable, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds files with capitals in the cluster part of their name that no link makes use of.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA takes only lower-case names for clusters and passes over the file. That is the way to
    /// keep a shared template: `marathon-SHARED.yaml`, with a link such as `marathon-norcal-prod.yaml`
    /// that leads to it. Without a link nothing of it runs.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-Norcal-Prod.yaml
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
    /// ## Fix safety
    ///
    /// Unsafe: what the file configures comes into effect. A file that is there is never overwritten.
    ///
    /// ## Source
    ///
    /// The configuration reference: the cluster name must be lower case; paasta-tools 0.66.6
    /// `utils:list_clusters`, whose pattern is `[0-9a-z_-]*`.
    "cluster-name-case" in Names,
    level: Warning,
    fix: Fixable::Sometimes,
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    for document in cx.service.oddly_named().filter_map(|entry| cx.service.document(&entry.name)) {
        let FileName::UpperCaseCluster { kind, cluster } = classify(document.name()) else { continue };
        if document.is_link || cx.service.documents.iter().any(|other| is_link_to(other, document)) {
            continue;
        }
        let lower = cluster.to_ascii_lowercase();
        let finding = cx
            .at_place(document.whole(), format!("the cluster `{}` is written with capitals", excerpt(cluster)))
            .why("PaaSTA passes over the file: nothing of it runs, unless a link with a lower-case name leads to it")
            .help(format!("rename it to `{}-{}.yaml`", kind.name(), excerpt(&lower)))
            .identity("case");
        let right = format!("{}-{lower}.yaml", kind.name());
        let is_free = !cx.service.has_entry(&right);
        sink.report(if is_free { finding.rename_fix(FixSafety::Unsafe, right) } else { finding });
    }
}

/// Whether `link` leads to `document`. The listing does not say where links lead, but what is read
/// through one is what the target holds. Of what was not read nobody knows.
fn is_link_to(link: &Document, document: &Document) -> bool {
    let same = |a: &Document, b: &Document| match (a.source(), b.source()) {
        (Some(a), Some(b)) => a.text() == b.text(),
        _ => true,
    };
    link.is_link && link.kind.is_some() && same(link, document)
}
