//! Finds templates that were not filled in: `{{ ... }}`, `{% ... %}`, `<% ... %>`.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Finding, Place, Severity, Step};
use crate::findings::Each;
use crate::repo::Document;
use crate::rules::support::words::shown;
use crate::rules::{Check, Level, Rule};
use crate::source::Span;
use crate::yaml::{Kind, Tree, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds templates that were not filled in: `{{ ... }}`, `{% ... %}`, `<% ... %>`.
    ///
    /// ## Why it matters
    ///
    /// YAML reads `{{` as the start of a mapping in a mapping, which PaaSTA refuses. In quotes it is a text
    /// that means nothing: a pool or a team of that name does not exist. The file was probably copied
    /// from a template without rendering it. Commands, variables and prose may hold templates of somebody
    /// else, and are left alone.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpus: {{ cpus }}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpus: 2
    /// ```
    ///
    /// ## Source
    ///
    /// PyYAML refuses it.
    "yaml-jinja-leftover" in Yaml,
    level: Error,
    also: &[Level::Warning],
    supersedes: &[
        "type-mismatch", "unknown-value", "monitoring-shape", "pipeline-shape", "dependencies-shape",
        "pool-unknown", "net-unknown", "team-unknown", "dependencies-reference-missing",
        "registration-format", "registration-target-missing", "parent-format", "parent-missing",
        "schedule-syntax", "cron-fields", "schedule-timezone-unknown", "epsilon-format", "alert-after-format",
        "volume-relative-path", "volume-mode", "bounce-method-enum", "cap-unknown",
    ],
    check: Check::Reader,
};

/// What to say of one for which the file is no YAML.
pub(crate) fn refused(place: Place) -> Finding {
    Finding::new(place, "a template was not filled in")
        .label("this should be a value")
        .help("write the value, or put the text in quotes if it is meant")
}

/// How templates begin and end: those of Jinja and of mako or ERB.
const MARKS: [(&str, &str); 3] = [("{{", "}}"), ("{%", "%}"), ("<%", "%>")];

/// Keys whose values may hold templates of somebody else: of Docker, of the program that runs, of
/// whoever reads the prose. PaaSTA fills `deploy_group` in itself, which has rules of its own.
const FREE: [&str; 12] = [
    "args",
    "cmd",
    "data",
    "deploy_group",
    "description",
    "drain_method_params",
    "env",
    "extra_headers",
    "extra_healthcheck_headers",
    "healthcheck_body_expect",
    "healthcheck_cmd",
    "tip",
];

/// Keys of whose values another rule demands a form that no template has: the stack refuses them.
const STRICT: [&str; 9] = [
    "alert_after",
    "bounce_method",
    "cap_add",
    "epsilon",
    "extra_volumes",
    "parents",
    "registrations",
    "schedule",
    "schedule_time_zone",
];

/// A finding for each value with a template in it that is YAML all the same; `known` are the findings about the shape of the
/// same file.
pub(crate) fn left_over(document: &Document, tree: &Tree, known: &[Diagnostic]) -> Vec<Finding> {
    if document.kind.is_none() || !MARKS.iter().any(|(open, _)| tree.text().contains(open)) {
        return Vec::new();
    }
    let own = known.iter().filter(|d| d.place.file == document.file).flat_map(Diagnostic::each);
    let refused = own.filter(|each| each.severity() == Severity::Error).filter_map(Each::span).collect();
    tree.values().filter_map(|value| judge(document, value, &refused)).collect()
}

fn judge(document: &Document, value: Value<'_>, refused: &HashSet<Span>) -> Option<Finding> {
    let text = value.as_str().filter(|_| value.kind() == Kind::Str)?;
    let template = template_in(text)?;
    let span = value.span();
    let path = document.path_to(span);
    let is_key = matches!(path.last(), Some(Step::Key(key)) if key == text);
    let has_key = |keys: &[&str]| {
        path.iter().any(|step| matches!(step, Step::Key(key) if keys.contains(&key.as_str())))
    };
    if is_key || has_key(&FREE) {
        return None;
    }
    let is_error = has_key(&STRICT) || refused.contains(&span);
    Some(
        Finding::new(document.place(span), format!("the template `{}` was not filled in", shown(template)))
            .label("this should be a value")
            .why("PaaSTA takes the text as it stands: it fills in no templates")
            .help("write the value; the file was probably copied from a template without rendering it")
            .severity(if is_error { Severity::Error } else { Severity::Warning }),
    )
}

/// The first template in a text.
fn template_in(text: &str) -> Option<&str> {
    MARKS.iter().find_map(|(open, close)| {
        let start = text.find(open)?;
        let rest = text.get(start..)?;
        let end = rest.find(close)? + close.len();
        let template = rest.get(..end)?;
        let inside = template.get(open.len()..end.checked_sub(close.len())?)?;
        // Without a word in it, it is no template.
        inside.contains(|c: char| c.is_ascii_alphabetic()).then_some(template)
    })
}

#[cfg(test)]
mod tests {
    use super::template_in;

    #[test]
    fn templates_are_told_from_braces() {
        assert_eq!(template_in("a {{ b }} c"), Some("{{ b }}"));
        assert_eq!(template_in("{% if x %}y"), Some("{% if x %}"));
        assert_eq!(template_in("<%= host %>"), Some("<%= host %>"));
        for text in ["", "{{", "}} {{", "{{}}", "{{ 1 }}", "{a}", "${a}", "a {b,c} %d"] {
            assert_eq!(template_in(text), None, "{text}");
        }
    }
}
