//! The JSON report, version 1 (docs/design.md section 8). Within a version fields are only added.

use std::io::{self, Write};

use serde::Serialize;

use crate::check::Outcome;
use crate::diagnostic::{Diagnostic, Place, Severity, Step};

use super::Style;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    root: &'a str,
    tool: Tool,
    dialect: &'static str,
    summary: Summary,
    diagnostics: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Summary {
    files: usize,
    services: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    suppressed: usize,
    fixable: usize,
}

#[derive(Serialize)]
struct Row<'a> {
    rule: &'static str,
    severity: &'static str,
    message: &'a str,
    label: &'a str,
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<Position>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<Position>,
    path: Vec<PathStep<'a>>,
    service: Option<&'a str>,
    cluster: Option<&'a str>,
    instance: Option<&'a str>,
    related: Vec<RelatedRow<'a>>,
    why: &'a str,
    help: &'a str,
    fix: Option<FixRow<'a>>,
    fingerprint: String,
}

#[derive(Serialize)]
#[serde(untagged)]
enum PathStep<'a> {
    Key(&'a str),
    Index(usize),
}

/// Line and column are 1-based, the column counts characters, the offset bytes from 0.
#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
    offset: u32,
}

#[derive(Serialize)]
struct RelatedRow<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<Position>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<Position>,
    message: &'a str,
}

#[derive(Serialize)]
struct FixRow<'a> {
    title: &'a str,
    safety: &'static str,
    edits: Vec<EditRow<'a>>,
}

#[derive(Serialize)]
struct EditRow<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<Position>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<Position>,
    text: &'a str,
}

pub(super) fn write(outcome: &Outcome, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let shown = if style.max_findings == 0 { usize::MAX } else { style.max_findings };
    let report = Report {
        version: 1,
        root: &style.root,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        dialect: style.dialect.name(),
        summary: Summary {
            files: outcome.files,
            services: outcome.services,
            errors: outcome.count(Severity::Error),
            warnings: outcome.count(Severity::Warning),
            infos: outcome.count(Severity::Info),
            suppressed: 0,
            fixable: outcome.diagnostics.iter().filter(|d| d.fix.is_some()).count(),
        },
        diagnostics: outcome.diagnostics.iter().take(shown).map(row).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

fn row(diagnostic: &Diagnostic) -> Row<'_> {
    let (start, end) = range(&diagnostic.place);
    Row {
        rule: diagnostic.rule.name,
        severity: diagnostic.severity.name(),
        message: &diagnostic.message,
        label: &diagnostic.label,
        file: &diagnostic.place.file,
        start,
        end,
        path: diagnostic
            .subject
            .path
            .iter()
            .map(|step| match step {
                Step::Key(key) => PathStep::Key(key),
                Step::Index(index) => PathStep::Index(*index),
            })
            .collect(),
        service: diagnostic.subject.service.as_deref(),
        cluster: diagnostic.subject.cluster.as_deref(),
        instance: diagnostic.subject.instance.as_deref(),
        related: diagnostic
            .related
            .iter()
            .map(|related| {
                let (start, end) = range(&related.place);
                RelatedRow { file: &related.place.file, start, end, message: &related.message }
            })
            .collect(),
        why: &diagnostic.why,
        help: &diagnostic.help,
        fix: diagnostic.fix.as_ref().map(|fix| FixRow {
            title: &fix.title,
            safety: fix.safety.name(),
            edits: fix
                .edits
                .iter()
                .map(|edit| {
                    let mut place = diagnostic.place.clone();
                    place.span = Some(edit.span);
                    let (start, end) = range(&place);
                    EditRow { file: &diagnostic.place.file, start, end, text: &edit.text }
                })
                .collect(),
        }),
        fingerprint: diagnostic.fingerprint(),
    }
}

/// Start and end are both present or both absent.
fn range(place: &Place) -> (Option<Position>, Option<Position>) {
    let (Some(source), Some(span)) = (&place.source, place.span) else { return (None, None) };
    let position = |offset| {
        let at = source.position(offset);
        Some(Position { line: at.line, column: at.column, offset })
    };
    (position(span.start), position(span.end))
}
