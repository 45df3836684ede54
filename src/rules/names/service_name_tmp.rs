//! Services whose name starts with `tmp`.

use crate::diagnostic::Severity;
use crate::model::kind::FileKind;
use crate::rules::written::excerpt;
use crate::rules::{Check, Level, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds services whose name starts with `tmp`.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA calls the temporary copies of Chronos jobs, those that somebody runs by hand, `tmp` and
    /// something. It takes the jobs of a service of such a name for temporary ones and clears them
    /// away. `paasta validate` refuses the name even if the service has no jobs.
    ///
    /// ## Example
    ///
    /// ```yaml tmp_reports/chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   cmd: exec bin/report
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml reports/chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   cmd: exec bin/report
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `cli.cmds.validate:validate_chronos`.
    "service-name-tmp" in Names,
    level: Warning (Paasta066: Error),
    also: &[Level::Error],
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let service = cx.service;
    if !service.name.starts_with("tmp") || service.documents.is_empty() {
        return;
    }
    let has_jobs = service.documents.iter().any(|document| document.kind == Some(FileKind::Chronos));
    let finding = cx
        .at_place(
            service.place(),
            format!("the service's name `{}` starts with `tmp`", excerpt(&service.name)),
        )
        .why("PaaSTA takes jobs of that name for temporary ones, and `paasta validate` refuses the service")
        .help("give the directory another name")
        .identity("tmp");
    // Jobs are cleared away, whatever the documentation says.
    sink.report(if has_jobs { finding.severity(Severity::Error) } else { finding });
}
