//! Where the source code lives.

use crate::model::kind::FileKind;
use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, DocumentCx, On, Rule, Sink};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds values of `git_url` that git cannot fetch from.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA asks this repository which version is marked for which deploy group. If it cannot be
    /// reached, no new version of the service is ever deployed, in any cluster.
    ///
    /// ## Example
    ///
    /// ```yaml service.yaml
    /// git_url: https//git.example.com/services/shop.git
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml service.yaml
    /// git_url: https://git.example.com/services/shop.git
    /// ```
    ///
    /// ## Source
    ///
    /// git-clone(1) on URLs; paasta-tools 0.66.6 `generate_deployments_for_service`, which lists the
    /// repository's tags.
    "git-url-format" in Hygiene,
    level: Error,
    blocks: Blocks::Nothing,
    on: On::keys(&["git_url"]).within(&[FileKind::Service]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    if cx.root.kind() != Kind::Map {
        return;
    }
    let Some(entry) = cx.root.entry("git_url") else { return };
    let Some(text) = entry.value.as_str() else { return };
    let Some(label) = problem(text) else { return };
    let message = if text.trim().is_empty() {
        "the `git_url` is empty".to_owned()
    } else {
        format!("git cannot fetch from `{}`", shown(text))
    };
    let span = if entry.value.span().is_empty() { entry.key.span() } else { entry.value.span() };
    sink.report(
        cx.at(span, message)
            .label(label)
            .why("PaaSTA does not find out what to deploy: new versions never arrive")
            .help("write `git@host:path` or `https://host/path`, or leave it out for the usual repository of the service"),
    );
}

/// Why no git can use it.
fn problem(text: &str) -> Option<&'static str> {
    if text.trim().is_empty() {
        return Some("empty");
    }
    if text.contains(char::is_whitespace) {
        return Some("there is a blank in it");
    }
    if let Some((scheme, rest)) = text.split_once("://") {
        let is_known = matches!(scheme, "https" | "http" | "ssh" | "git" | "git+ssh" | "file");
        return match (is_known, rest.split(['/', ':']).next()) {
            (false, _) => Some("git knows no such scheme"),
            (true, Some("") | None) if scheme != "file" => Some("the host is missing"),
            _ => None,
        };
    }
    let first = text.split('/').next().unwrap_or(text);
    match first.split_once(':') {
        // `host:path`, as ssh has it.
        Some((host, path)) if !host.is_empty() && (!path.is_empty() || text.contains('/')) => None,
        Some(_) => Some("the host or the path is missing"),
        // A directory of the machine that asks.
        None if first.is_empty() || first == "." || first == ".." => None,
        None => Some("neither `host:path` nor a scheme with `://`"),
    }
}
