//! The JSON report, version 1 (docs/design.md section 8). Within a version fields are only added.

//!
//! The types below are the published schemas, too (`schemas/report.schema.json` and
//! `schemas/report-line.schema.json`), so what they say of themselves is the documentation.

use std::borrow::Cow;
use std::io::{self, Write};

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde::{Serialize, Serializer};

use crate::check::Outcome;
use crate::diagnostic::{Diagnostic, Fix, Place, Severity, Step};

use super::Style;
use super::escape::{json_line, json_pretty};

/// The report of `soalint check --output-format json`. Within version 1 fields are only added.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "soalint report")]
struct Report<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    /// The findings, sorted by file, position and rule.
    #[schemars(with = "Vec<Row<'a>>")]
    diagnostics: Rows<'a>,
}

/// The findings, each made a row when it is written.
struct Rows<'a>(&'a [Diagnostic]);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(row))
    }
}

/// One line of `soalint check --output-format json-lines`: the findings, sorted by file, position
/// and rule; the last line is the summary. Within version 1 fields are only added.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "soalint report line")]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    /// A finding.
    Finding(Row<'a>),
    /// What was checked, and how much was found.
    Summary(Head<'a>),
}

/// What was checked, and how much was found.
#[derive(Serialize, JsonSchema)]
struct Head<'a> {
    /// Version of this format.
    #[schemars(extend("const" = 1))]
    version: u32,
    /// The root of the tree as the command line named it.
    root: &'a str,
    /// What made the report.
    tool: Tool,
    /// Which side counts where documentation and paasta-tools 0.66.6 disagree.
    #[schemars(extend("enum" = ["documented", "paasta-0.66"]))]
    dialect: &'static str,
    /// Totals; findings that are not listed are counted, too.
    summary: Summary<'a>,
}

/// What made a report.
#[derive(Serialize, JsonSchema)]
struct Tool {
    /// `soalint`.
    name: &'static str,
    /// Its version.
    version: &'static str,
}

/// Totals.
#[derive(Serialize, JsonSchema)]
struct Summary<'a> {
    /// YAML files that were read and checked.
    files: usize,
    /// YAML files of kinds that soalint does not know, which were only read as YAML, relative to the root of the tree.
    unknown_files: &'a [String],
    /// Services whose directory was read.
    services: usize,
    /// Files and directories that could not be read; each is a finding of `unreadable-file`.
    unread: usize,
    /// What could not be done of what was asked for, each in a line; the exit status is 2 where there is any.
    failures: &'a [String],
    /// Findings of severity error.
    errors: usize,
    /// Findings of severity warning.
    warnings: usize,
    /// Findings of severity info.
    infos: usize,
    /// Findings that are not reported because they are to be ignored.
    suppressed: usize,
    /// Findings that come with a repair.
    fixable: usize,
    /// Of a run with --fix: findings that were repaired.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "usize")]
    fixed: Option<usize>,
    /// Of a run with --fix: findings whose repair could not be proved.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "usize")]
    fixes_refused: Option<usize>,
}

/// One finding.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
struct Row<'a> {
    /// Name of the rule; `soalint explain` tells more about it.
    rule: &'static str,
    /// How bad it is.
    #[schemars(extend("enum" = ["error", "warning", "info"]))]
    severity: &'static str,
    /// What is wrong, in one line.
    message: &'a str,
    /// Words at the place itself; may be empty.
    label: &'a str,
    /// File or directory, relative to the root of the tree, with `/`.
    file: &'a str,
    /// Absent, like `end`, where the finding is about a whole file or directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Position")]
    start: Option<Position>,
    /// Just after the last character.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Position")]
    end: Option<Position>,
    /// Keys and indexes that lead to the place in its document.
    path: Vec<PathStep<'a>>,
    /// The service that it is about.
    service: Option<&'a str>,
    /// The cluster that it is about.
    cluster: Option<&'a str>,
    /// The instance, job or SmartStack namespace that it is about.
    instance: Option<Cow<'a, str>>,
    /// Other places that belong to the story.
    related: Vec<RelatedRow<'a>>,
    /// What will happen if nobody acts; may be empty.
    why: &'a str,
    /// What to do; may be empty.
    help: &'a str,
    /// A repair, if there is one.
    fix: Option<FixRow<'a>>,
    /// Names the finding across edits elsewhere in the file: it depends on rule, file, path and the
    /// offending text, never on line numbers. Several findings can share one.
    #[schemars(regex(pattern = "^[0-9a-f]{16}$"))]
    fingerprint: String,
    /// How many findings it stands for. Of those of one rule in one file at most 1000 are listed; where there are more,
    /// the last one stands for the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "usize", range(min = 1))]
    count: Option<usize>,
}

/// A step of a path.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum PathStep<'a> {
    /// A key of a mapping.
    Key(Cow<'a, str>),
    /// A 0-based index of a list.
    Index(usize),
}

/// A place between two characters.
#[derive(Serialize, JsonSchema)]
struct Position {
    /// 1-based.
    #[schemars(range(min = 1))]
    line: usize,
    /// 1-based, in characters.
    #[schemars(range(min = 1))]
    column: usize,
    /// 0-based, in bytes.
    offset: u32,
}

/// Another place that belongs to the story of a finding.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Related")]
struct RelatedRow<'a> {
    /// File or directory, relative to the root of the tree, with `/`.
    file: &'a str,
    /// Absent, like `end`, for a whole file or directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Position")]
    start: Option<Position>,
    /// Just after the last character.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Position")]
    end: Option<Position>,
    /// What is to be seen there.
    message: &'a str,
}

/// A repair.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Fix")]
struct FixRow<'a> {
    /// What it does.
    title: &'a str,
    /// Whether it keeps the meaning, or a person must look at it.
    #[schemars(extend("enum" = ["safe", "unsafe"]))]
    safety: &'static str,
    /// Another name for the file, within its directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    rename: Option<&'a str>,
    /// Replacements, in order of position, without overlap. None where they would repeat a secret: `soalint
    /// check --fix` makes them all the same.
    edits: Vec<EditRow<'a>>,
}

/// A replacement of one stretch of text.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Edit")]
struct EditRow<'a> {
    /// File, relative to the root of the tree, with `/`.
    file: &'a str,
    /// The first character to replace.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Position")]
    start: Option<Position>,
    /// Just after the last character to replace; `start` to insert.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Position")]
    end: Option<Position>,
    /// What stands there afterwards.
    text: &'a str,
}

/// The JSON Schema of the report, as text.
pub fn report_schema() -> String {
    schema_text::<Report<'_>>("report")
}

/// The JSON Schema of each line of the report in lines, as text.
pub fn line_schema() -> String {
    schema_text::<Line<'_>>("report-line")
}

fn schema_text<T: JsonSchema>(name: &str) -> String {
    // `uint` and the like are no formats of JSON Schema.
    let no_formats = RecursiveTransform(|schema: &mut Schema| {
        schema.remove("format");
    });
    let settings = SchemaSettings::draft07().for_serialize().with_transform(no_formats);
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("$id".to_owned(), format!("{name}.schema.json").into());
    // A value made of texts, numbers and lists always has a text.
    let text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    format!("{text}\n")
}

pub(super) fn write(outcome: &Outcome, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    json_pretty(&Report { head: head(outcome, style), diagnostics: Rows(style.shown(outcome)) }, out)
}

pub(super) fn write_lines(outcome: &Outcome, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in style.shown(outcome) {
        json_line(&Line::Finding(row(diagnostic)), out)?;
    }
    json_line(&Line::Summary(head(outcome, style)), out)
}

fn head<'a>(outcome: &'a Outcome, style: &'a Style) -> Head<'a> {
    Head {
        version: 1,
        root: &style.root,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        dialect: style.dialect.name(),
        summary: Summary {
            files: outcome.files,
            unknown_files: &outcome.unknown_files,
            services: outcome.services,
            unread: outcome.unread().count(),
            failures: &outcome.failures,
            errors: outcome.count(Severity::Error),
            warnings: outcome.count(Severity::Warning),
            infos: outcome.count(Severity::Info),
            suppressed: outcome.suppressed.iter().map(|suppressed| suppressed.diagnostic.number()).sum(),
            fixable: outcome.each().filter(|each| each.fix().is_some()).count(),
            fixed: outcome.fixed.map(|counts| counts.findings),
            fixes_refused: outcome.fixed.map(|counts| counts.refused),
        },
    }
}

fn row(diagnostic: &Diagnostic) -> Row<'_> {
    let (start, end) = range(&diagnostic.place);
    let is_shown = |fix: &Fix| !super::preview::holds_secret(diagnostic, &fix.edits);
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
                Step::Key(key) => PathStep::Key(diagnostic.place.scrub(key)),
                Step::Index(index) => PathStep::Index(*index),
            })
            .collect(),
        service: diagnostic.subject.service.as_deref(),
        cluster: diagnostic.subject.cluster.as_deref(),
        instance: diagnostic.subject.instance.as_deref().map(|name| diagnostic.place.scrub(name)),
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
            rename: fix.rename.as_deref(),
            edits: fix
                .edits
                .iter()
                .filter(|_| is_shown(fix))
                .map(|edit| {
                    let mut place = diagnostic.place.clone();
                    place.span = Some(edit.span);
                    let (start, end) = range(&place);
                    EditRow { file: &diagnostic.place.file, start, end, text: &edit.text }
                })
                .collect(),
        }),
        fingerprint: diagnostic.fingerprint(),
        count: diagnostic.is_rest().then(|| diagnostic.number()),
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
