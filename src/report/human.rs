//! The report for reading: what, where, why, how to fix, how to read more.
//!
//! miette draws the excerpts; headline and footers are ours, so that a finding is one block
//! without repetition.

use std::fmt::{self, Write as _};
use std::io::{self, Write};
use std::sync::Arc;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use crate::check::Outcome;
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::source::SourceText;

use super::escape::inert;
use super::excerpt::{Excerpt, Mark, excerpts};
use super::{Style, printable, summary};

const RED: &str = "1;31";
const YELLOW: &str = "1;33";
const BLUE: &str = "1;34";
const BOLD: &str = "1";
const CYAN: &str = "36";

pub(super) fn write(outcome: &Outcome, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let shown = style.shown(outcome);
    let mut said = Said::default();
    for diagnostic in shown {
        writeln!(out, "{}", inert(&block(diagnostic, style, &mut said)))?;
    }
    let more = style.hidden(outcome);
    if more > 0 {
        let way = if style.quiet {
            ""
        } else {
            "; --max-findings 0 shows all, --output-format concise one per line"
        };
        writeln!(out, "... and {more} more{way}\n")?;
    }
    if !style.quiet {
        if let Some(counts) = outcome.fixed {
            writeln!(out, "{}", super::fixed(counts))?;
        }
        writeln!(out, "{}", paint(style, BOLD, &summary(outcome)))?;
        if let Some(first) = outcome.diagnostics.first() {
            writeln!(out, "`soalint explain {}` tells more about a rule.", first.rule.name)?;
        }
    }
    Ok(())
}

/// Reasons and advice that the reader has just seen in the same file: they are not repeated.
#[derive(Default)]
struct Said<'a> {
    file: &'a str,
    words: Vec<&'a str>,
}

impl<'a> Said<'a> {
    /// `words`, unless they were said before in this file.
    fn once(&mut self, file: &'a str, words: &'a str) -> &'a str {
        if self.file != file {
            *self = Said { file, words: Vec::new() };
        }
        if self.words.contains(&words) {
            return "";
        }
        self.words.push(words);
        words
    }
}

/// One finding.
fn block<'a>(diagnostic: &'a Diagnostic, style: &Style, said: &mut Said<'a>) -> String {
    let mut text = String::new();
    let color = match diagnostic.severity {
        Severity::Error => RED,
        Severity::Warning => YELLOW,
        Severity::Info => BLUE,
    };
    let head = format!("{}[{}]", diagnostic.severity, diagnostic.rule.name);
    let message = printable(&diagnostic.message);
    push_wrapped(&mut text, style, &paint(style, color, &head), head.len(), &format!(": {message}"), BOLD);
    for (file, source, marks) in marks_by_file(diagnostic) {
        match source {
            Some(source) => {
                for excerpt in excerpts(source, marks, style.columns) {
                    draw(&mut text, diagnostic, style, file, source, &excerpt);
                }
            }
            None => {
                for mark in marks {
                    let words =
                        if mark.label.is_empty() { String::new() } else { format!("  {}", mark.label) };
                    let path = paint(style, CYAN, &printable(&style.path(file)));
                    let _ = writeln!(text, "   ─ [{path}]{}", printable(&words));
                }
            }
        }
    }
    let file = &diagnostic.place.file;
    footer(&mut text, style, "why", said.once(file, &diagnostic.why));
    let fix = super::preview::fix_words(diagnostic);
    // A fix that does what the advice says need not be announced.
    let is_said = fix.as_ref().is_some_and(|fix| fix.starts_with(&*diagnostic.help));
    if !is_said {
        footer(&mut text, style, "help", said.once(file, &diagnostic.help));
    }
    footer(&mut text, style, "fix", fix.as_deref().unwrap_or(""));
    text
}

type FileMarks<'a> = (&'a Arc<str>, Option<&'a Arc<SourceText>>, Vec<Mark>);

/// The places of a finding, file by file; its own file first.
fn marks_by_file(diagnostic: &Diagnostic) -> Vec<FileMarks<'_>> {
    let mut files: Vec<FileMarks<'_>> = Vec::new();
    let places = std::iter::once((&diagnostic.place, diagnostic.label.as_str(), true))
        .chain(diagnostic.related.iter().map(|related| (&related.place, related.message.as_str(), false)));
    for (place, label, primary) in places {
        let Place { file, source, span } = place;
        let secret = primary && diagnostic.is_secret;
        let mark = Mark { span: span.unwrap_or_default(), label: printable(label), primary, secret };
        let source = source.as_ref().filter(|_| span.is_some());
        match files.iter_mut().find(|(name, text, _)| *name == file && text.is_some() == source.is_some()) {
            Some((_, _, marks)) => marks.push(mark),
            None => files.push((file, source, vec![mark])),
        }
    }
    files
}

/// Draws one excerpt.
fn draw(
    text: &mut String,
    diagnostic: &Diagnostic,
    style: &Style,
    file: &Arc<str>,
    source: &SourceText,
    excerpt: &Excerpt,
) {
    let head = excerpt.marks.iter().find(|(_, _, mark)| mark.primary).or_else(|| excerpt.marks.first());
    let Some((_, _, first)) = head else { return };
    let at = source.position(first.span.start);
    let mut name = printable(&format!("{}:{}:{}", style.path(file), at.line, at.column));
    if first.primary
        && let Some(instance) = hidden_instance(diagnostic, source, excerpt)
    {
        let _ = write!(name, " in {}", printable(&instance));
    }
    let severity = diagnostic.severity;
    let picture = Picture { name, excerpt };
    let handler = GraphicalReportHandler::new_themed(theme(style, severity, excerpt))
        .with_links(false)
        .with_width(style.width.max(40))
        .with_context_lines(CONTEXT_IS_IN_THE_EXCERPT)
        .without_primary_span_start()
        .without_syntax_highlighting();
    let mut drawn = String::new();
    if handler.render_report(&mut drawn, &picture).is_ok() {
        // The first line is miette's own headline, which is empty here.
        let body = drawn.split_once('\n').map_or("", |(_, body)| body);
        for line in body.lines() {
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
}

/// The excerpt holds just the lines to show.
const CONTEXT_IS_IN_THE_EXCERPT: usize = usize::MAX;

/// The instance that a finding is about, if the excerpt does not show where it begins.
fn hidden_instance(diagnostic: &Diagnostic, source: &SourceText, excerpt: &Excerpt) -> Option<String> {
    let instance = diagnostic.subject.instance.as_ref()?;
    let begins = |line: &str| {
        let key = line.trim_start_matches(['\'', '"']).strip_prefix(instance.as_str());
        key.is_some_and(|rest| rest.trim_start_matches(['\'', '"', ' ']).starts_with(':'))
    };
    let mut lines = excerpt.first_line..excerpt.first_line + excerpt.text.matches('\n').count();
    let visible = lines.any(|line| excerpt.shows(line) && begins(source.line_span(line).of(source.text())));
    (!visible).then(|| source.scrub(instance).into_owned())
}

fn theme(style: &Style, severity: Severity, excerpt: &Excerpt) -> GraphicalTheme {
    let mut characters = ThemeCharacters::unicode();
    for icon in [&mut characters.error, &mut characters.warning, &mut characters.advice] {
        icon.clear();
    }
    let mut styles = ThemeStyles::none();
    if style.color {
        styles = ThemeStyles::ansi();
        let (own, other) = (styles.clone(), styles.clone());
        let own = match severity {
            Severity::Error => own.error,
            Severity::Warning => own.warning,
            Severity::Info => own.advice,
        };
        styles.highlights =
            excerpt.marks.iter().map(|(_, _, mark)| if mark.primary { own } else { other.help }).collect();
    }
    GraphicalTheme { characters, styles }
}

/// What miette needs to draw an excerpt: a diagnostic without words.
struct Picture<'a> {
    name: String,
    excerpt: &'a Excerpt,
}

impl fmt::Debug for Picture<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Display for Picture<'_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Picture<'_> {}

impl miette::Diagnostic for Picture<'_> {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.excerpt.marks.iter().map(|(start, length, mark)| {
            let label = (!mark.label.is_empty()).then(|| mark.label.clone());
            if mark.primary {
                LabeledSpan::new_primary_with_span(label, (*start, *length))
            } else {
                LabeledSpan::new(label, *start, *length)
            }
        })))
    }
}

impl SourceCode for Picture<'_> {
    /// Always the whole excerpt: its lines were chosen before.
    fn read_span<'a>(
        &'a self,
        _span: &SourceSpan,
        _before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = &self.excerpt.text;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            text.as_bytes(),
            (0, text.len()).into(),
            self.excerpt.first_line,
            0,
            text.matches('\n').count(),
        )))
    }
}

fn footer(text: &mut String, style: &Style, name: &str, words: &str) {
    if words.is_empty() {
        return;
    }
    let head = format!("  {name}:");
    let padding = " ".repeat(8usize.saturating_sub(head.len()));
    let painted = format!("{}{padding}", paint(style, CYAN, &head));
    push_wrapped(text, style, &painted, 8, &printable(words), "");
}

/// Appends `words` after `head` (which is `head_width` columns wide), wrapped at the width, later
/// lines indented by eight columns.
fn push_wrapped(text: &mut String, style: &Style, head: &str, head_width: usize, words: &str, color: &str) {
    const INDENT: usize = 8;
    let mut line = String::new();
    let mut width = head_width;
    let mut lines = Vec::new();
    for (index, word) in words.split(' ').enumerate() {
        let length = word.chars().count();
        if index > 0 && width + 1 + length > style.width.max(40) && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
            width = INDENT;
        } else if index > 0 {
            line.push(' ');
            width += 1;
        }
        line.push_str(word);
        width += length;
    }
    lines.push(line);
    text.push_str(head);
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            text.push_str(&" ".repeat(INDENT));
        }
        text.push_str(&if color.is_empty() { line.clone() } else { paint(style, color, line) });
        text.push('\n');
    }
}

fn paint(style: &Style, color: &str, text: &str) -> String {
    if style.color { format!("\x1b[{color}m{text}\x1b[0m") } else { text.to_owned() }
}
