//! `.yml` instead of `.yaml`.

use crate::diagnostic::FixSafety;
use crate::model::kind::{FileKind, FileName, classify};
use crate::rules::written::excerpt;
use crate::rules::{Check, Fixable, Rule, ServiceCx, Sink};

use crate::rules::written::is_file;

pub(crate) static RULE: Rule = rule! {
    /// Finds configuration files that end in `.yml`.
    ///
    /// ## Why it matters
    ///
    /// Every component of PaaSTA looks for `.yaml` only. A file with another ending is not refused;
    /// it is not seen: its instances never run, its alerts never fire, and nothing says so.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yml
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
    /// Unsafe: what the file configures comes into effect, and its instances start to run. A file that
    /// has the right name is never overwritten, and a file with errors in it keeps its name.
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `utils:list_clusters` and `cli.cmds.validate`, which look for `*.yaml`. The
    /// configuration reference itself once writes `chronos-testcluster.yml`, which is why the
    /// dialect `documented` only warns.
    "file-yml-extension" in Names,
    level: Warning (Paasta066: Error),
    fix: Fixable::Sometimes,
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    for entry in cx.service.oddly_named().filter(|entry| is_file(entry)) {
        let FileName::WrongExtension { kind, .. } = classify(&entry.name) else { continue };
        let stem = entry.name.rsplit_once('.').map_or(entry.name.as_str(), |(stem, _)| stem);
        let right = format!("{stem}.yaml");
        let help = if cx.service.has_entry(&right) {
            format!("move what counts into `{}`, which is there, too, and delete this file", excerpt(&right))
        } else {
            let effect = match kind {
                FileKind::Marathon => "its instances start to run then",
                FileKind::Chronos => "its jobs start to run then",
                _ => "what it configures takes effect then",
            };
            format!("rename it to `{}`; {effect}", excerpt(&right))
        };
        let message = format!("`{}` does not end in `.yaml`, so nothing reads it", excerpt(&entry.name));
        let finding = cx
            .at_place(cx.service.entry_place(&entry.name), message)
            .why(format!("PaaSTA reads {}: for it, this file does not exist", kind.file_pattern()))
            .help(help)
            .identity("extension");
        sink.report(if cx.service.has_entry(&right) {
            finding
        } else {
            finding.rename_fix(FixSafety::Unsafe, right)
        });
    }
}
