//! Finds files that are not valid YAML.

use crate::diagnostic::{Finding, FixSafety, Place};
use crate::model::kind::FileKind;
use crate::repo::Document;
use crate::rules::jobs;
use crate::rules::reader::is_secret;
use crate::rules::{Check, Fixable, Level, Rule};
use crate::schedule::cron::{self, Trouble};
use crate::secret;
use crate::source::{Edit, Span};
use crate::text::printable;
use crate::yaml::{Cause, Error, ErrorKind, edit};

pub(crate) static RULE: Rule = rule! {
    /// Finds files that are not valid YAML.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA cannot read such a file: every tool that lists the service fails, and so do tools that
    /// list the cluster, for all services. Nothing of the service is deployed until the file is right.
    /// The finding points at what probably went wrong (a tab, an unclosed quote, a character that
    /// needs quotes), not at where the reader gave up.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: @start --now
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: '@start --now'
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Blanks for tabs are safe where all lines are indented by tabs, and so are quotes around a `cmd`.
    /// Quotes around another value are a guess, and unsafe; five fields for `schedule: @daily` are, too:
    /// the jobs of the file start to run.
    ///
    /// ## Source
    ///
    /// PyYAML refuses it; `service_configuration_lib:_read_yaml_file` passes the exception on.
    "yaml-syntax" in Yaml,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    check: Check::Reader,
};

pub(crate) fn words(document: &Document, error: &Error) -> Finding {
    let finding = of_cause(document.place(error.span), error);
    let related = match &error.cause {
        Cause::UnclosedQuote { opened, .. } | Cause::UnclosedBracket { opened, .. } => {
            Some((*opened, "it is opened here"))
        }
        Cause::Other | Cause::BadIndent => {
            error.context.as_ref().map(|(words, span)| (*span, words.as_str()))
        }
        _ => None,
    };
    let finding = match related.filter(|(span, _)| *span != error.span) {
        Some((span, words)) => finding.related(document.place(span), words),
        None => finding,
    };
    if document.kind == Some(FileKind::Chronos)
        && let Some((fields, span)) = nickname(error)
    {
        let finding = finding.label("an extension of cron, which Chronos does not know");
        return match fields {
            Some(fields) => {
                let words = format!("write `{fields}`");
                let edit = Edit { span, text: fields.to_owned() };
                finding.help(words.clone()).unsafe_fix(words, vec![edit])
            }
            None => finding.help(jobs::FORMS),
        };
    }
    match repair(error) {
        Some((title, safety, edits)) => finding.with_fix(title.to_owned(), safety, Some(edits)),
        None => finding,
    }
}

/// What is said of each cause.
fn of_cause(place: Place, error: &Error) -> Finding {
    match &error.cause {
        Cause::TabIndent => Finding::new(place, "a tab cannot indent or separate in YAML")
            .label("this is a tab")
            .help("replace the tab by spaces"),
        Cause::ReservedCharacter(c) => {
            Finding::new(place, format!("an unquoted value cannot start with {}", code(*c)))
                .label("this value needs quotes")
                .help(quoted_line(error))
        }
        Cause::UnclosedQuote { quote, .. } => Finding::new(
            place,
            format!("this {} is never closed", quote_name(*quote)),
        )
        .label("opened here")
        .help("close it with the same quote; in single quotes write a quote as '', in double quotes as \\\""),
        Cause::UnclosedBracket { bracket, .. } => {
            let closing = if *bracket == '[' { ']' } else { '}' };
            Finding::new(place, format!("this `{bracket}` is never closed, or a comma is missing after it"))
                .label("opened here")
                .help(format!("close it with `{closing}`, and separate entries by commas"))
        }
        Cause::MissingBlankAfterColon => Finding::new(place, "there is no blank after the `:`")
            .label("a key needs `: ` after it")
            .help("write `key: value` with a blank after the colon"),
        Cause::MissingBlankAfterDash => Finding::new(place, "there is no blank after the `-`")
            .label("an item of a list needs `- ` before it")
            .help("write `- item` with a blank after the dash"),
        Cause::MissingColon => Finding::new(place, "this line is no `key: value` and no item of a list")
            .label("a key needs `: ` after it")
            .help("write `key: value`, or indent the line further if it continues the value above"),
        Cause::DashInValue => Finding::new(place, "an item of a list cannot start here")
            .label("this is read as the start of an item")
            .help("put the list on the lines below the key, or the value in quotes"),
        Cause::TextAfterQuote(quote) => Finding::new(
            place,
            format!("text follows the closing {}", quote_name(*quote)),
        )
        .label("the quoted value ends here")
        .help(
            "put the whole value in quotes; in single quotes write a quote as '', in double quotes as \\\"",
        ),
        Cause::ColonInPlainValue => Finding::new(place, "an unquoted value cannot contain `: `")
            .label("this is read as a second key")
            .help("put the whole value in quotes"),
        Cause::BadIndent => Finding::new(place, "the indentation of this line fits no line above")
            .label("here the structure breaks")
            .help("align it with the entries that it belongs to; entries of one mapping start in one column"),
        Cause::NonHashableKey => Finding::new(place, "a list or mapping cannot be a key")
            .label("this is read as a key")
            .help("put the key in quotes; a value that starts with `{` or `[` needs them, too"),
        Cause::BadEscape(_) => Finding::new(place, "this is no escape that YAML knows")
            .label("in double quotes a backslash starts an escape")
            .help("write `\\\\` for a backslash, or use single quotes, in which it has no meaning"),
        Cause::ValueTag | Cause::MergeTag | Cause::BadScalar => {
            Finding::new(place, format!("PaaSTA cannot read {}", shown(error)))
                .label("put it in quotes")
                .help("write it in quotes if the text itself is meant")
        }
        _ => {
            let kind = if error.kind == ErrorKind::Reader { "text" } else { "YAML" };
            let problem = printable(&error.problem);
            Finding::new(place, format!("this is not valid {kind}: {problem}")).label("here")
        }
    }
}

fn quote_name(quote: char) -> &'static str {
    if quote == '"' { "double quote" } else { "single quote" }
}

/// A character between backticks, unless it is one.
fn code(c: char) -> String {
    if c == '`' { "a backtick".to_owned() } else { format!("`{}`", printable(&c.to_string())) }
}

/// Advice that shows the rest of the line in quotes.
fn quoted_line(error: &Error) -> String {
    let text = error.source.text();
    let rest = text.get(error.span.start as usize..).and_then(|rest| rest.lines().next()).unwrap_or("");
    let value = rest.split(" #").next().unwrap_or("").trim();
    let line = error.source.line_span(error.source.line_of(error.span.start));
    if value.is_empty()
        || error.source.hidden().meets(line)
        || value.chars().count() > 60
        || value.contains('\'')
    {
        return "put the whole value in quotes".to_owned();
    }
    format!("write it in quotes: '{}'", printable(value))
}

/// The value at the place of the error, if it may be shown.
fn shown(error: &Error) -> String {
    /// Characters of it.
    const LONGEST: usize = 40;
    if is_secret(error) {
        return "this unquoted value".to_owned();
    }
    let text = secret::quotable(error.span.of(error.source.text()), LONGEST);
    format!("the unquoted value `{text}`")
}

/// Title, safety and edits of a repair.
type Repair = (&'static str, FixSafety, Vec<Edit>);

/// Tabs that one repair replaces; more of them are no configuration.
const MOST_TABS: usize = 10_000;

/// Columns of indentation for a tab.
const INDENT: &str = "  ";

/// The repair of a text that PaaSTA cannot read, where there is one.
fn repair(error: &Error) -> Option<Repair> {
    let text = error.source.text();
    match &error.cause {
        Cause::TabIndent => tabs(error),
        Cause::ReservedCharacter(_) => {
            let edits = quote_rest(text, error.span.start)?;
            Some(("put the value in quotes", FixSafety::Unsafe, edits))
        }
        Cause::ColonInPlainValue => {
            let line = error.source.line_span(error.source.line_of(error.span.start));
            let (key, _) = line.of(text).split_once(": ")?;
            let start = line.start + u32::try_from(key.len() + 2).ok()?;
            let edits = quote_rest(text, start)?;
            // A command is one text; elsewhere two entries may have come onto one line.
            let safety = if key.trim() == "cmd" { FixSafety::Safe } else { FixSafety::Unsafe };
            Some(("put the value in quotes", safety, edits))
        }
        _ => None,
    }
}

/// A `schedule: @daily`, which in quotes would be the next mistake: the five fields that mean the same, if there
/// are some, and where it is.
fn nickname(error: &Error) -> Option<(Option<&'static str>, Span)> {
    let (text, start) = (error.source.text(), error.span.start);
    let (before, rest) = text.split_at_checked(start as usize)?;
    let line = before.rsplit(['\n', '\r']).next()?;
    let key = line.rsplit([',', '{']).next()?.trim();
    let value = rest.split(['\n', '\r', ',', '}', '#']).next()?.trim_end();
    if key != "schedule:" || !value.starts_with('@') {
        return None;
    }
    let fields = cron::parse(value).err()?.iter().find_map(|problem| match problem.kind {
        Trouble::Nickname(fields) => fields,
        _ => None,
    });
    let end = start + u32::try_from(value.len()).ok()?;
    Some((fields, Span::new(start, end)))
}

/// Blanks for tabs, where that leaves one meaning: between a key and its value, or in a text that is
/// indented by tabs alone.
fn tabs(error: &Error) -> Option<Repair> {
    let (source, text) = (&error.source, error.source.text());
    let line = source.line_span(source.line_of(error.span.start));
    let before = Span::new(line.start, error.span.start).of(text);
    if !before.trim().is_empty() {
        let tail = text.get(error.span.start as usize..)?;
        let run = u32::try_from(tail.len() - tail.trim_start_matches(['\t', ' ']).len()).ok()?;
        let span = Span::new(error.span.start, error.span.start + run);
        let edit = Edit { span, text: " ".to_owned() };
        return (run > 0).then(|| ("write a blank", FixSafety::Safe, vec![edit]));
    }
    let mut edits = Vec::new();
    for number in 0..source.line_count() {
        let line = source.line_span(number);
        let content = line.of(text);
        let indent = content.len() - content.trim_start_matches(['\t', ' ']).len();
        if indent == 0 || indent == content.len() {
            continue;
        }
        if content.bytes().take(indent).any(|byte| byte == b' ') || edits.len() == MOST_TABS {
            return None;
        }
        let span = Span::new(line.start, line.start + u32::try_from(indent).ok()?);
        edits.push(Edit { span, text: INDENT.repeat(indent) });
    }
    (!edits.is_empty()).then_some(("indent with blanks", FixSafety::Safe, edits))
}

/// Puts what stands from `start` to the end of the line, without a comment, in quotes.
fn quote_rest(text: &str, start: u32) -> Option<Vec<Edit>> {
    let (before, rest) = text.split_at_checked(start as usize)?;
    let line = before.rsplit(['\n', '\r']).next().unwrap_or(before);
    let rest = rest.split(['\n', '\r']).next().unwrap_or(rest);
    let value = rest.split(" #").next().unwrap_or(rest).trim_end();
    let has_form = value.starts_with(['"', '\'', '|', '>', '&', '!', '[', '{']);
    if line.contains(['[', '{', '"', '\'']) || has_form || value.is_empty() {
        return None;
    }
    let end = start + u32::try_from(value.len()).ok()?;
    Some(vec![Edit { span: Span::new(start, end), text: edit::quoted(value)? }])
}
