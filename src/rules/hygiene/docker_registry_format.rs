//! Registries that are no host.

use crate::diagnostic::Severity;
use crate::model::kind::FileKind;
use crate::rules::support::words::shown;
use crate::rules::{Check, DocumentCx, Fixable, Level, On, Rule, Sink};
use crate::yaml::{Kind, edit};

pub(crate) static RULE: Rule = rule! {
    /// Finds values of `docker_registry` that are no host with an optional port.
    ///
    /// ## Why it matters
    ///
    /// The name of the image is the registry, a slash, and the rest. With `https://` in front, a blank
    /// or a slash at the end it is no name of an image, and no host can fetch it.
    ///
    /// ## Example
    ///
    /// ```yaml service.yaml
    /// docker_registry: https://docker.example.com
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml service.yaml
    /// docker_registry: docker.example.com
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: only what cannot be part of the name is left out.
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `utils:get_docker_url`; Docker's grammar of image names.
    "docker-registry-format" in Hygiene,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    on: On::keys(&["docker_registry"]).within(&[FileKind::Service]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    if cx.root.kind() != Kind::Map {
        return;
    }
    let Some(entry) = cx.root.entry("docker_registry") else { return };
    let value = entry.value;
    let Some(text) = value.as_str() else { return };
    let Some((label, severity)) = problem(text) else { return };
    let span = if value.span().is_empty() { entry.key.span() } else { value.span() };
    let host = text.split_once("://").map_or(text, |(_, rest)| rest).trim_end_matches('/');
    let edits = (text != host && problem(host).is_none()).then(|| edit::replace(value, host)).flatten();
    let message = if text.is_empty() {
        "the `docker_registry` is empty".to_owned()
    } else {
        format!("`{}` is no host of a Docker registry", shown(text))
    };
    sink.report(
        cx.at(span, message)
            .label(label)
            .why(if severity == Severity::Error {
                "the name of the image becomes one that no host can fetch"
            } else {
                "PaaSTA asks the registry itself whether an image is there, and does not find it below a path"
            })
            .help("write the host, and a port if it needs one: `docker.example.com:443`")
            .severity(severity)
            .safe_fix(format!("write `{}`", shown(host)), edits),
    );
}

/// What is wrong, and how much.
fn problem(text: &str) -> Option<(&'static str, Severity)> {
    let error = |label| Some((label, Severity::Error));
    if text.is_empty() {
        return error("empty");
    }
    if text.contains("://") {
        return error("without a scheme");
    }
    if text.contains(char::is_whitespace) {
        return error("there is a blank in it");
    }
    if text.ends_with('/') || text.starts_with('/') {
        return error("there is a slash at its end");
    }
    if text.contains('/') {
        return Some(("a host without a path", Severity::Warning));
    }
    let (host, port) = text.rsplit_once(':').map_or((text, None), |(host, port)| (host, Some(port)));
    if port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return error("the port is no number up to 65535");
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    // `[::1]`
    let is_address = host.starts_with('[') && host.ends_with(']');
    (host.is_empty() || !(is_address || host.bytes().all(is_plain)))
        .then_some(("no host has such a name", Severity::Error))
}
