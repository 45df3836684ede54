//! `--` in names.

use crate::diagnostic::Severity;
use crate::model::kind::FileKind;
use crate::rules::written::excerpt;
use crate::rules::{Check, Level, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds `--` in the names of services and instances.
    ///
    /// ## Why it matters
    ///
    /// Marathon takes no `_`, so PaaSTA writes `--` in its place and turns every `--` back into `_`
    /// when it reads ids. An instance `blue--green` is deployed, and then taken for an unknown
    /// instance `blue_green`: it is not registered, not counted, and cleaned up as abandoned.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// blue--green:
    ///   instances: 2
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// blue-green:
    ///   instances: 2
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `marathon_tools:format_job_id` and `deformat_job_id`, recorded by running
    /// them. Chronos jobs keep their names, so there it is only a warning.
    "name-double-dash" in Names,
    level: Error,
    also: &[Level::Warning],
    on: On::kinds(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Service(check),
};

const WHY: &str =
    "Marathon ids have `--` for `_`: PaaSTA reads the name back with `_` and finds no such instance";

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let service = &cx.service.name;
    let deploys = |kind: FileKind| cx.service.documents.iter().any(|d| d.kind == Some(kind));
    if service.contains("--") && (deploys(FileKind::Marathon) || deploys(FileKind::Chronos)) {
        let severity = severity(deploys(FileKind::Marathon));
        sink.report(
            cx.at_place(
                cx.service.place(),
                format!("the service's name `{}` has `--` in it", excerpt(service)),
            )
            .why(WHY)
            .help("rename the directory: use a single `-` or `_`")
            .severity(severity)
            .identity("service"),
        );
    }
    for instance in cx.instances() {
        let (kind, name) = (instance.instance.kind, instance.instance.name);
        if kind != FileKind::Adhoc && name.contains("--") {
            sink.report(
                instance
                    .at_name(format!("the name `{}` has `--` in it", excerpt(name)))
                    .label("read back with `_`")
                    .why(WHY)
                    .help("use a single `-` or `_`")
                    .severity(severity(kind == FileKind::Marathon)),
            );
        }
    }
}

fn severity(marathon: bool) -> Severity {
    if marathon { Severity::Error } else { Severity::Warning }
}
