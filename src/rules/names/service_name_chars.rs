//! Characters of a service's name.

use crate::diagnostic::Severity;
use crate::model::kind::FileKind;
use crate::rules::written::excerpt;
use crate::rules::{Check, Level, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds service directories whose name PaaSTA, Docker or Marathon cannot use.
    ///
    /// ## Why it matters
    ///
    /// The directory's name is the service's name, and becomes part of the Docker image's name, of the
    /// Marathon app's id, and of `service.instance` wherever one service names another. Images
    /// take no capitals, ids start and end with a letter or digit, and a dot makes
    /// `service.instance` ambiguous. Such a service can be written, but not deployed.
    ///
    /// ## Example
    ///
    /// ```yaml Invoice.API/marathon-norcal-prod.yaml
    /// main:
    ///   instances: 2
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml invoice_api/marathon-norcal-prod.yaml
    /// main:
    ///   instances: 2
    /// ```
    ///
    /// ## Source
    ///
    /// Marathon's rule for the segments of an id; Docker's rule for repository names; paasta-tools 0.66.6
    /// `utils:decompose_job_id`, which splits ids at dots.
    "service-name-chars" in Names,
    level: Error,
    also: &[Level::Warning],
    on: On::kinds(&[FileKind::Marathon, FileKind::Chronos, FileKind::Adhoc, FileKind::Smartstack]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let name = &cx.service.name;
    let Some(problem) = problem(name) else { return };
    let has = |wanted: fn(FileKind) -> bool| cx.service.documents.iter().any(|d| d.kind.is_some_and(wanted));
    let severity = if has(|kind| kind == FileKind::Marathon) {
        Severity::Error
    } else if has(FileKind::has_instances) {
        // Without Marathon, a dot does no more harm than that other services cannot name this one.
        if problem == DOT { Severity::Warning } else { Severity::Error }
    } else if has(|kind| kind == FileKind::Smartstack) {
        Severity::Warning
    } else {
        // A directory without anything to deploy may be no service at all.
        return;
    };
    sink.report(
        cx.at_place(
            cx.service.place(),
            format!("`{}` cannot be the name of a service: {problem}", excerpt(name)),
        )
        .why(
            "the name becomes part of image names and Marathon ids, which are refused or taken apart wrongly",
        )
        .help(format!("rename the directory, for example to `{}`", excerpt(&repaired(name))))
        .severity(severity)
        .identity("name"),
    );
}

const DOT: &str = "it has a dot";

/// What is wrong with the name, in words; `None` for a good one.
fn problem(name: &str) -> Option<&'static str> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let known = |byte: u8| plain(byte) || byte.is_ascii_uppercase() || matches!(byte, b'_' | b'-' | b'.');
    if name.bytes().any(|byte| !known(byte)) {
        Some("it has characters other than letters, digits, `_` and `-`")
    } else if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Some("it has capitals")
    } else if !name.bytes().next().is_some_and(plain) || !name.bytes().next_back().is_some_and(plain) {
        Some("it does not start and end with a letter or digit")
    } else if name.contains('.') {
        Some(DOT)
    } else {
        None
    }
}

/// The nearest name that is fine.
fn repaired(name: &str) -> String {
    let lower: String = name
        .chars()
        .map(|c| match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9' | '_' | '-') => c,
            _ => '_',
        })
        .collect();
    match lower.trim_matches(['_', '-']) {
        "" => "my_service".to_owned(),
        name => name.to_owned(),
    }
}
