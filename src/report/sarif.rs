//! SARIF 2.1.0 (OASIS standard), as code scanning reads it.
//!
//! Paths are relative to the root of the repository, which the reader knows; columns count characters.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::check::Outcome;
use crate::diagnostic::{Diagnostic, Fix, Place, Severity};
use crate::rules::{Level, Rule};

use super::Fingerprints;
use super::Style;
use super::escape::{json_pretty, uri_path};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What the paths are relative to: the name that readers know for the root of the repository.
const ROOT: &str = "%SRCROOT%";

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Value,
    invocations: Value,
    original_uri_base_ids: Value,
    column_kind: &'static str,
    newline_sequences: [&'static str; 6],
    results: Results<'a>,
    properties: Value,
}

/// The results, each made when it is written.
struct Results<'a> {
    diagnostics: &'a [Diagnostic],
    rules: &'a BTreeMap<&'static str, (usize, &'static Rule)>,
    fingerprints: RefCell<Fingerprints>,
    style: &'a Style,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.diagnostics.iter().map(|diagnostic| {
            let index = self.rules.get(diagnostic.rule.name).map_or(0, |(index, _)| *index);
            let fingerprint = self.fingerprints.borrow_mut().of(diagnostic);
            result(diagnostic, index, &fingerprint, self.style)
        }))
    }
}

pub(super) fn write(outcome: &Outcome, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let shown = style.shown(outcome);
    let rules = rules_of(shown);
    let results = Results { diagnostics: shown, rules: &rules, fingerprints: RefCell::default(), style };
    let mut listed: Vec<&(usize, &Rule)> = rules.values().collect();
    listed.sort_by_key(|(index, _)| *index);
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: json!({"driver": {
                "name": "soalint",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": listed.iter().map(|(_, rule)| described(rule, style)).collect::<Vec<_>>(),
            }}),
            invocations: json!([{
                "executionSuccessful": !outcome.internal_error && outcome.failures.is_empty(),
                "toolExecutionNotifications": notifications(outcome, style),
            }]),
            original_uri_base_ids: json!({ROOT: {"description": {"text": "The root of the repository."}}}),
            column_kind: "unicodeCodePoints",
            // Those of YAML 1.1.
            newline_sequences: ["\r\n", "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"],
            results,
            properties: json!({
                "dialect": style.dialect.name(),
                "files": outcome.files,
                "services": outcome.services,
            }),
        }],
    };
    json_pretty(&log, out)
}

/// What could not be done, and what could not be read.
fn notifications(outcome: &Outcome, style: &Style) -> Vec<Value> {
    let failed = |failure: &String| json!({"level": "error", "message": {"text": plain(failure)}});
    let failures = outcome.failures.iter().map(failed);
    failures.chain(outcome.unread().map(|unread| notification(unread, style))).collect()
}

/// That something could not be read: the tool did less than it was asked for.
fn notification(unread: &Diagnostic, style: &Style) -> Value {
    json!({
        "level": "error",
        "message": {"text": plain(&unread.message)},
        "descriptor": {"id": unread.rule.name},
        "locations": [location(&unread.place, style)],
    })
}

/// The rules that have findings, by name, numbered in the order of the findings.
fn rules_of(diagnostics: &[Diagnostic]) -> BTreeMap<&'static str, (usize, &'static Rule)> {
    let mut rules = BTreeMap::new();
    for diagnostic in diagnostics {
        let next = rules.len();
        rules.entry(diagnostic.rule.name).or_insert((next, diagnostic.rule));
    }
    rules
}

fn described(rule: &Rule, style: &Style) -> Value {
    let page = rule.page();
    let level = match rule.level(style.dialect) {
        Level::Off => "none",
        Level::Info => "note",
        Level::Warning => "warning",
        Level::Error => "error",
    };
    json!({
        "id": rule.name,
        "shortDescription": {"text": rule.summary()},
        "fullDescription": {"text": rule.summary()},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": level, "enabled": level != "none"},
        "properties": {
            "tags": [rule.group.name()],
            // What GitHub sorts by.
            "problem.severity": match rule.level(style.dialect) {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Off | Level::Info => "recommendation",
            },
        },
    })
}

fn result(diagnostic: &Diagnostic, rule_index: usize, fingerprint: &str, style: &Style) -> Value {
    let mut text = plain(&diagnostic.message);
    for (name, words) in
        [("", &*diagnostic.label), ("why: ", &*diagnostic.why), ("help: ", &*diagnostic.help)]
    {
        if !words.is_empty() {
            text.push('\n');
            text.push_str(name);
            text.push_str(&plain(words));
        }
    }
    let mut location = location(&diagnostic.place, style);
    if let Some(Value::Object(physical)) = location.get_mut("physicalLocation")
        && let Some(Value::Object(region)) = physical.get_mut("region")
        && !diagnostic.label.is_empty()
    {
        region.insert("message".to_owned(), json!({"text": plain(&diagnostic.label)}));
    }
    if let Some(name) = logical_name(diagnostic)
        && let Value::Object(location) = &mut location
    {
        location.insert("logicalLocations".to_owned(), json!([{"fullyQualifiedName": name}]));
    }
    let mut result = json!({
        "ruleId": diagnostic.rule.name,
        "ruleIndex": rule_index,
        "level": match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "note",
        },
        "message": {"text": text},
        "locations": [location],
        "partialFingerprints": {"soalint/v1": fingerprint},
    });
    if let Value::Object(result) = &mut result {
        if diagnostic.is_rest() {
            result.insert("occurrenceCount".to_owned(), json!(diagnostic.number()));
        }
        if !diagnostic.related.is_empty() {
            result.insert("relatedLocations".to_owned(), related(diagnostic, style));
        }
        if let Some(fix) = diagnostic
            .fix
            .as_ref()
            .filter(|fix| !fix.edits.is_empty() && !super::preview::holds_secret(diagnostic, &fix.edits))
        {
            result.insert("fixes".to_owned(), json!([repair(fix, &diagnostic.place, style)]));
        }
    }
    result
}

fn related(diagnostic: &Diagnostic, style: &Style) -> Value {
    let locations = diagnostic.related.iter().enumerate().map(|(index, related)| {
        let mut location = location(&related.place, style);
        if let Value::Object(location) = &mut location {
            location.insert("id".to_owned(), json!(index + 1));
            location.insert("message".to_owned(), json!({"text": plain(&related.message)}));
        }
        location
    });
    locations.collect()
}

fn repair(fix: &Fix, place: &Place, style: &Style) -> Value {
    let replacements = fix.edits.iter().map(|edit| {
        let place = Place { span: Some(edit.span), ..place.clone() };
        json!({"deletedRegion": region(&place), "insertedContent": {"text": edit.text}})
    });
    json!({
        "description": {"text": plain(&format!("{} ({})", fix.title, fix.safety.name()))},
        "artifactChanges": [{
            "artifactLocation": artifact(place, style),
            "replacements": replacements.collect::<Vec<_>>(),
        }],
    })
}

fn location(place: &Place, style: &Style) -> Value {
    let mut physical = json!({"artifactLocation": artifact(place, style)});
    if let (Some(region), Value::Object(physical)) = (region(place), &mut physical) {
        physical.insert("region".to_owned(), region);
    }
    json!({"physicalLocation": physical})
}

fn artifact(place: &Place, style: &Style) -> Value {
    json!({"uri": uri_path(&format!("{}{}", style.repository, place.file)), "uriBaseId": ROOT})
}

/// Lines and columns from 1; the end is just after the last character.
fn region(place: &Place) -> Option<Value> {
    let (source, span) = (place.source.as_ref()?, place.span?);
    let (start, end) = (source.position(span.start), source.position(span.end));
    Some(json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }))
}

/// `service.instance`, and the keys below it.
fn logical_name(diagnostic: &Diagnostic) -> Option<String> {
    let subject = &diagnostic.subject;
    let mut name = subject.service.clone()?;
    if subject.path.is_empty()
        && let Some(instance) = &subject.instance
    {
        name.push('.');
        name.push_str(instance);
    }
    for step in &subject.path {
        name.push('.');
        name.push_str(&step.to_string());
    }
    Some(diagnostic.place.scrub(&name).into_owned())
}

/// A plain text message: what SARIF would read as a link (section 3.11.6) or as a placeholder
/// (3.11.5) is escaped as it says.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let text = crate::text::printable(text);
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['{', ']']) {
        let (before, after) = rest.split_at(at);
        escaped.push_str(before);
        let placeholder = after.strip_prefix('{').and_then(|inner| {
            let digits = inner.len() - inner.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            (digits > 0 && inner.get(digits..)?.starts_with('}')).then(|| inner.get(..digits))?
        });
        if let Some(digits) = placeholder {
            // Writing to a string cannot fail.
            let _ = write!(escaped, "{{{{{digits}}}}}");
            rest = after.get(digits.len() + 2..).unwrap_or_default();
        } else {
            if after.starts_with("](") {
                escaped.push('\\');
            }
            escaped.push_str(after.get(..1).unwrap_or_default());
            rest = after.get(1..).unwrap_or_default();
        }
    }
    escaped.push_str(rest);
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_hold_no_links_and_no_placeholders() {
        assert_eq!(plain("`{a}` and [x] [0]"), "`{a}` and [x] [0]");
        assert_eq!(plain("[x](http://example.com)"), "[x\\](http://example.com)");
        assert_eq!(plain("a {0} b {12} {"), "a {{0}} b {{12}} {");
    }
}
