//! File names that are nearly right.

use crate::diagnostic::FixSafety;
use crate::model::kind::{FileName, classify};
use crate::rules::written::excerpt;
use crate::rules::{Check, Fixable, Rule, ServiceCx, Sink};

use crate::rules::written::is_file;

pub(crate) static RULE: Rule = rule! {
    /// Finds YAML files whose name is nearly one that PaaSTA reads.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA reads files by exact names. `smartsack.yaml` or `marathon_norcal-prod.yaml` is not
    /// refused; it is not seen, and what it configures does not exist. Files with quite different
    /// names are nobody's business and not reported.
    ///
    /// ## Example
    ///
    /// ```yaml smartsack.yaml
    /// main:
    ///   proxy_port: 20001
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20001
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Unsafe: what the file configures comes into effect. A file that is there is never overwritten.
    ///
    /// ## Source
    ///
    /// The names of the files in the configuration reference; paasta-tools 0.66.6
    /// `utils:list_clusters` and `service_configuration_lib:read_service_configuration`.
    "file-unknown-name" in Names,
    level: Warning,
    fix: Fixable::Sometimes,
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    for entry in cx.service.oddly_named().filter(|entry| is_file(entry)) {
        let FileName::Unknown { near: Some(kind) } = classify(&entry.name) else { continue };
        let pattern = match (kind.has_cluster(), after_first_word(&entry.name)) {
            (true, Some(cluster)) => format!("{}-{}.yaml", kind.name(), excerpt(cluster)),
            (true, None) => format!("{}-<cluster>.yaml", kind.name()),
            (false, _) => kind.file_pattern(),
        };
        let finding = cx
            .at_place(
                cx.service.entry_place(&entry.name),
                format!("nothing reads `{}`", excerpt(&entry.name)),
            )
            .why("PaaSTA knows its files by exact names: what this one configures does not exist")
            .help(format!("did you mean `{pattern}`?"))
            .identity("name");
        let is_free = !kind.has_cluster() && !cx.service.has_entry(&pattern);
        sink.report(if is_free { finding.rename_fix(FixSafety::Unsafe, pattern) } else { finding });
    }
}

/// What may be the cluster in a name: `norcal-prod` of `cron_norcal-prod.yaml`.
fn after_first_word(name: &str) -> Option<&str> {
    let (stem, _) = name.rsplit_once('.')?;
    let (_, rest) = stem.split_once(['-', '_', '.', ' '])?;
    let is_cluster = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'_' | b'-');
    (!rest.is_empty() && rest.bytes().all(is_cluster)).then_some(rest)
}
