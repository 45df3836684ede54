//! Requests of drain method http.

use crate::model::kind::FileKind;
use crate::rules::support::format_string::{Piece, Unbalanced, parse};
use crate::rules::support::words::shown;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot};
use crate::suggest;
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds requests of drain method http that cannot be made: unknown names in `url_format`,
    /// status codes that are none.
    ///
    /// ## Why it matters
    ///
    /// `url_format` is a Python format string in which `{host}`, `{port}`, `{service}`,
    /// `{instance}` and `{nerve_ns}` are replaced; `success_codes` are numbers and ranges such as
    /// `200,202-204`. On a mistake the request fails, the task is taken for drained and killed at
    /// once, with the requests that it is answering.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   drain_method: http
    ///   drain_method_params:
    ///     drain: {url_format: "http://{hostname}:{port}/drain", success_codes: 2xx}
    ///     stop_draining: {url_format: "http://{host}:{port}/undrain", success_codes: "200"}
    ///     is_draining: {url_format: "http://{host}:{port}/drained", success_codes: "200"}
    ///     is_safe_to_kill: {url_format: "http://{host}:{port}/idle", success_codes: "200"}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   drain_method: http
    ///   drain_method_params:
    ///     drain: {url_format: "http://{host}:{port}/drain", success_codes: 200-299}
    ///     stop_draining: {url_format: "http://{host}:{port}/undrain", success_codes: "200"}
    ///     is_draining: {url_format: "http://{host}:{port}/drained", success_codes: "200"}
    ///     is_safe_to_kill: {url_format: "http://{host}:{port}/idle", success_codes: "200"}
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `drain_lib:HTTPDrainMethod`.
    "drain-http-spec" in Bounce,
    level: Error,
    on: On::kinds(&[FileKind::Marathon]),
    check: Check::Entry(Slot::known("drain_method"), check),
};

const FIELDS: &[&str] = &["host", "port", "service", "instance", "nerve_ns"];
const CALLS: &[&str] = &["drain", "stop_draining", "is_draining", "is_safe_to_kill"];
const WHY: &str = "the request fails, and tasks are killed without being drained";

fn check(cx: &InstanceCx<'_>, method: &Located<'_>, sink: &mut Sink<'_>) {
    if method.value.as_str() != Some("http") {
        return;
    }
    for call in cx.merged("drain_method_params") {
        if !call.key.as_str().is_some_and(|name| CALLS.contains(&name)) || call.value.kind() != Kind::Map {
            continue;
        }
        if let Some(url) = call.entry("url_format") {
            url_format(cx, &url, sink);
        }
        if let Some(codes) = call.entry("success_codes") {
            success_codes(cx, &codes, sink);
        }
    }
}

fn url_format(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(text) = located.value.as_str() else { return };
    let (message, help) = match parse(text) {
        Err(Unbalanced::Open) => ("a `{` of the address is never closed".to_owned(), DOUBLE.to_owned()),
        Err(Unbalanced::Close) => ("a `}` of the address closes nothing".to_owned(), DOUBLE.to_owned()),
        Ok(pieces) => {
            let unknown = pieces.into_iter().find_map(|piece| match piece {
                Piece::Field { name, .. } if !FIELDS.contains(&name) => Some(name),
                _ => None,
            });
            let Some(name) = unknown else { return };
            let help = match suggest::nearest(name, FIELDS.iter().copied()) {
                Some(field) => format!("did you mean `{{{field}}}`?"),
                None => "use `{host}`, `{port}`, `{service}`, `{instance}` or `{nerve_ns}`".to_owned(),
            };
            (format!("`{}` in the address means nothing", shown(&format!("{{{name}}}"))), help)
        }
    };
    sink.report(cx.at_value(located, message).label("cannot be filled in").why(WHY).help(help));
}

const DOUBLE: &str = "close it, or double the brace if it is meant literally";

fn success_codes(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(text) = located.value.as_str() else { return };
    let is_number = |part: &str| {
        let part = part.trim();
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_range = |part: &str| match part.split_once('-') {
        Some((from, to)) => is_number(from) && is_number(to),
        None => is_number(part),
    };
    let Some(wrong) = text.split(',').find(|part| !is_range(part)) else { return };
    let message = match wrong.trim() {
        "" => "a status code is missing".to_owned(),
        wrong => format!("`{}` is neither a status code nor a range of them", shown(wrong)),
    };
    sink.report(
        cx.at_value(located, message)
            .label("cannot be read")
            .why(WHY)
            .help("write codes and ranges with commas between them: `200,202-204`"),
    );
}
