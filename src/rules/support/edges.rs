//! Names with blanks or line breaks at either end.

use crate::diagnostic::Step;
use crate::rules::DocumentCx;
use crate::yaml::{Kind, Style, Value};

/// Keys whose values are names, paths or addresses, which blanks at either end spoil, and of which no
/// other rule demands a form. Lists and mappings below them hold the same.
const NAMES: [&str; 27] = [
    "advertise",
    "constraints",
    "containerPath",
    "dependencies_reference",
    "deploy_blacklist",
    "deploy_whitelist",
    "destinations",
    "discover",
    "endpoint",
    "external_link",
    "extra_constraints",
    "healthcheck_uri",
    "hostPath",
    "irc_channels",
    "metrics_provider",
    "monitoring_blacklist",
    "nerve_ns",
    "net",
    "notification_email",
    "pool",
    "project",
    "runbook",
    "schedule",
    "smartstack",
    "source",
    "team",
    "well-known",
];

/// Calls `visit` with each such value that is written in `styles` and has blanks at an end, and with
/// the name of its key.
pub(crate) fn each_edged<'a>(
    cx: &DocumentCx<'a>,
    styles: [Style; 2],
    mut visit: impl FnMut(Value<'a>, &str),
) {
    if cx.document.kind.is_none() {
        return;
    }
    let values = cx.root.tree().edged().filter(|value| styles.contains(&value.style()));
    for value in values.filter(|value| value.kind() == Kind::Str) {
        let text = value.text();
        let trimmed = text.trim();
        if trimmed.len() == text.len() || trimmed.is_empty() {
            continue;
        }
        let path = cx.document.path_to(value.span());
        let Some(key) = path.iter().rev().find_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        }) else {
            continue;
        };
        // A key of the mapping is its own last step.
        if !NAMES.contains(&key) || is_operator(&path, key) || has_form(key, text) {
            continue;
        }
        visit(value, key);
    }
}

/// Whether a path leads to the operator of a constraint, of which there are few.
fn is_operator(path: &[Step], key: &str) -> bool {
    matches!(key, "constraints" | "extra_constraints") && path.last() == Some(&Step::Index(1))
}

/// Whether other rules look at the value letter by letter.
fn has_form(key: &str, text: &str) -> bool {
    match key {
        // A repeating interval; PaaSTA itself trims cron expressions, and Chronos does not.
        "schedule" => text.contains('/') && text.trim_start().starts_with('R'),
        // A path that begins with a blank is not absolute.
        "containerPath" | "hostPath" => text.starts_with(char::is_whitespace),
        "metrics_provider" | "well-known" => true,
        _ => false,
    }
}
