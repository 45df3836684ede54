//! Paths that health checks cannot ask for.

use std::fmt::Write as _;

use crate::diagnostic::{Edit, Finding, Severity};
use crate::model::kind::FileKind;
use crate::rules::support::registered::has_port;
use crate::rules::support::words::shown;
use crate::rules::written::written;
use crate::rules::{Blocks, Check, DocumentCx, Fixable, Level, On, Rule, ServiceCx, Sink, namespaces_of};
use crate::source::Span;
use crate::yaml::{Style, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds a `healthcheck_uri` that is no path: with a blank or `#` in it, without its slash, or a
    /// whole address.
    ///
    /// ## Why it matters
    ///
    /// The path of a namespace is written into HAProxy's configuration as it is. There a blank ends
    /// it and `#` begins a comment: HAProxy then checks another path, or refuses its configuration.
    /// Without the slash at its start HAProxy does not recognize the health checks that clients
    /// send, and a whole address is asked for as if it were a path, which no task answers.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   healthcheck_uri: status
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   healthcheck_uri: /status
    /// ```
    ///
    /// ## Fix safety
    ///
    /// The fix writes the missing slash, which is the only thing that can have been meant; it is safe.
    ///
    /// ## Source
    ///
    /// synapse-tools `configure_synapse`: the `httpchk` line and the `path` ACL, neither escaped;
    /// hacheck, which cuts the slash off and asks for the rest.
    "healthcheck-uri-format" in Health,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    blocks: Blocks::Smartstack,
    on: On::keys(&["healthcheck_uri"]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    for namespace in namespaces_of(cx.env, cx.service) {
        let Some(uri) = namespace.set("healthcheck_uri") else { continue };
        let is_tcp = |key| namespace.set(key).map(|mode| mode.value.as_str() == Some("tcp"));
        // Nobody asks for the path, which is a finding of its own.
        if is_tcp("mode") == Some(true) && is_tcp("healthcheck_mode").unwrap_or(true) {
            continue;
        }
        let is_http = namespace.set("mode").is_none_or(|mode| mode.value.as_str() == Some("http"));
        let reaches_haproxy = is_http && has_port(&namespace);
        let at = |span, message| namespace.at(span, message);
        judge(uri.value, reaches_haproxy, at, sink);
    }
    for document in &cx.service.documents {
        let Some(root) = document.tree().map(crate::yaml::Tree::root) else { continue };
        if !matches!(document.kind, Some(FileKind::Marathon | FileKind::Service)) {
            continue;
        }
        let document = DocumentCx::new(cx.env, cx.service, document, root);
        for uri in written(&document, "healthcheck_uri") {
            judge(uri.value, false, |span, message| document.at(span, message), sink);
        }
    }
}

/// Says what is wrong with a path, if anything; `reaches_haproxy` if it stands in HAProxy's configuration.
fn judge(uri: Value<'_>, reaches_haproxy: bool, at: impl Fn(Span, String) -> Finding, sink: &mut Sink<'_>) {
    let Some(text) = uri.as_str().filter(|text| !text.is_empty()) else { return };
    let mild = |finding: Finding| finding.severity(Severity::Warning);
    if let Some(wrong) = text.chars().find(|c| c.is_whitespace() || c.is_control() || *c == '#') {
        let finding = at(uri.span(), format!("the path `{}` has {}", shown(text), named(wrong)));
        sink.report(if reaches_haproxy {
            finding
                .label("is written into HAProxy's configuration as it is")
                .why("HAProxy reads the rest as something else: it checks another path, or refuses its configuration")
                .help(format!("write {} as `{}`, or use another path", named(wrong), encoded(wrong)))
        } else {
            mild(finding)
                .label("no part of a path")
                .why("no task answers such a request, so none ever counts as healthy")
                .help(format!("write {} as `{}`, or use another path", named(wrong), encoded(wrong)))
        });
    } else if let Some((_, rest)) = text.split_once("://") {
        let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/status");
        sink.report(
            mild(at(uri.span(), format!("`{}` is an address, not a path", shown(text))))
                .label("host and port are known already")
                .why("the whole address is asked for as a path, which no task answers with success")
                .help(format!("write the path only: `{}`", shown(path))),
        );
    } else if !text.starts_with('/') {
        let mut finding = mild(at(
            uri.span(),
            format!("the path `{}` does not begin with a slash", shown(text)),
        ))
        .label("`/` is missing")
        .why(
            "HAProxy does not recognize the health checks of clients, since paths of requests have the slash",
        )
        .help(format!("write `/{}`", shown(text)));
        if let Some(edits) = slash(uri) {
            finding = finding.safe_fix("write the slash", edits);
        }
        sink.report(finding);
    }
}

/// Inserts the slash, if the scalar stands where it is used.
fn slash(uri: Value<'_>) -> Option<Vec<Edit>> {
    let offset = match uri.style() {
        Style::Plain => 0,
        Style::Single | Style::Double => 1,
        _ => return None,
    };
    let is_simple = !uri.is_alias() && uri.anchor().is_none() && uri.tag().is_none();
    is_simple.then(|| vec![Edit { span: Span::at(uri.span().start + offset), text: "/".to_owned() }])
}

fn named(c: char) -> String {
    match c {
        ' ' => "a blank".to_owned(),
        '#' => "a `#`".to_owned(),
        '\n' | '\r' => "a line break".to_owned(),
        '\t' => "a tab".to_owned(),
        _ => "a character that no path has".to_owned(),
    }
}

/// As a path has it (RFC 3986, section 2.1).
fn encoded(c: char) -> String {
    let mut bytes = [0; 4];
    let mut text = String::new();
    for byte in c.encode_utf8(&mut bytes).bytes() {
        // Writing to a string cannot fail.
        let _ = write!(text, "%{byte:02X}");
    }
    text
}
