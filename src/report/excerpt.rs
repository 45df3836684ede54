//! Lines of a file as they may be shown: control characters visible, secrets masked, long lines
//! cut around what matters.

use crate::source::{SourceText, Span};

use crate::text::visible;

/// Characters of a line that are shown at most.
const MAX_WIDTH: usize = 140;
/// Characters shown at least, however narrow the terminal is.
const MIN_WIDTH: usize = 20;
/// Columns for the number of a line, the bar after it, and the signs of a cut.
const GUTTER: usize = 10;
/// Characters shown before the first mark of a line that has to be cut, at most.
const LEAD: usize = 40;
/// Labels at most this many lines apart share an excerpt.
const GAP: usize = 4;
/// Lines shown before and after the marked ones.
const CONTEXT: usize = 1;

/// Something to underline.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) span: Span,
    pub(super) label: String,
    pub(super) primary: bool,
    /// Whether the characters themselves must not be shown.
    pub(super) secret: bool,
}

/// Neighbouring lines with their marks, as bytes of `text`.
#[derive(Debug)]
pub(super) struct Excerpt {
    /// The lines, each ended by `\n`.
    pub(super) text: String,
    /// 0-based number of the first line in the file.
    pub(super) first_line: usize,
    /// Start and length in bytes of `text`, in order of position.
    pub(super) marks: Vec<(usize, usize, Mark)>,
}

impl Excerpt {
    /// Whether line `line` (0-based) of the file is shown.
    pub(super) fn shows(&self, line: usize) -> bool {
        (self.first_line..self.first_line + self.text.matches('\n').count()).contains(&line)
    }
}

/// The excerpts that show all `marks` of one file in a terminal of so many columns; the one with the primary
/// mark comes first.
pub(super) fn excerpts(source: &SourceText, marks: Vec<Mark>, columns: Option<usize>) -> Vec<Excerpt> {
    let width =
        columns.map_or(MAX_WIDTH, |columns| columns.saturating_sub(GUTTER).clamp(MIN_WIDTH, MAX_WIDTH));
    let mut placed: Vec<(usize, Mark)> =
        marks.into_iter().map(|mark| (source.line_of(mark.span.start), mark)).collect();
    placed.sort_by_key(|(line, mark)| (*line, mark.span));
    let mut groups: Vec<Vec<(usize, Mark)>> = Vec::new();
    for (line, mark) in placed {
        match groups.last_mut() {
            Some(group) if group.last().is_some_and(|(last, _)| line - last <= GAP) => {
                group.push((line, mark));
            }
            _ => groups.push(vec![(line, mark)]),
        }
    }
    let mut excerpts: Vec<Excerpt> = groups.iter().map(|group| excerpt(source, group, width)).collect();
    excerpts.sort_by_key(|excerpt| !excerpt.marks.iter().any(|(_, _, mark)| mark.primary));
    excerpts
}

fn excerpt(source: &SourceText, marks: &[(usize, Mark)], width: usize) -> Excerpt {
    let first = marks.first().map_or(0, |(line, _)| line.saturating_sub(CONTEXT));
    let last = marks.last().map_or(0, |(line, _)| line + CONTEXT).min(source.line_count().saturating_sub(1));
    let mut excerpt = Excerpt { text: String::new(), first_line: first, marks: Vec::new() };
    let secret: Vec<Span> = marks.iter().filter(|(_, mark)| mark.secret).map(|(_, mark)| mark.span).collect();
    for line in first..=last {
        let span = source.line_span(line);
        let is_end_of_file = line + 1 == source.line_count() && span.is_empty();
        let marked = marks.iter().filter(|(at, _)| *at == line).map(|(_, mark)| mark);
        let marked: Vec<&Mark> = marked.collect();
        if is_end_of_file && marked.is_empty() {
            continue;
        }
        show_line(source, span, &marked, &secret, width, &mut excerpt);
    }
    excerpt
}

/// What stands at `span`, with `*` for every character of a secret.
fn without_secrets(source: &SourceText, span: Span, secret: &[Span]) -> String {
    let masked = source.masked(span);
    if secret.is_empty() {
        return masked;
    }
    let raw = span.of(source.text());
    let hidden = |at: usize| {
        let at = span.start as usize + at;
        secret.iter().any(|secret| (secret.start as usize..secret.end as usize).contains(&at))
    };
    // One character stays one character in both.
    let pairs = raw.char_indices().zip(masked.chars());
    pairs.map(|((at, c), masked)| if hidden(at) && !c.is_whitespace() { '*' } else { masked }).collect()
}

/// The part of a line to show, of `width` characters at most and around `start`: one line can hold a
/// whole file and be shown for each of its findings, so only the part is looked at.
fn window(source: &SourceText, line: Span, start: Option<u32>, width: usize) -> Span {
    let text = line.of(source.text());
    let length = |chars: &str| u32::try_from(chars.len()).unwrap_or(u32::MAX);
    let first = |text: &str, count: usize| text.char_indices().nth(count).map(|(at, _)| at);
    let mut from = line.start;
    if let Some(start) = start.filter(|_| first(text, width).is_some()) {
        let start = start.clamp(line.start, line.end);
        // The label stands after the mark and needs room, too.
        let lead = LEAD.min(width / 3);
        let before = Span::new(line.start, start).of(source.text());
        if let Some((at, _)) =
            before.char_indices().rev().nth(lead.saturating_sub(1)).filter(|(at, _)| *at > 0)
        {
            from = line.start + length(before.get(..at).unwrap_or(""));
        }
    }
    let rest = Span::new(from, line.end).of(source.text());
    Span::new(from, first(rest, width).map_or(line.end, |at| from + length(rest.get(..at).unwrap_or(""))))
}

/// Appends one line, cut to `width` if it is longer, and its marks.
fn show_line(
    source: &SourceText,
    line: Span,
    marks: &[&Mark],
    secret: &[Span],
    width: usize,
    excerpt: &mut Excerpt,
) {
    let window = window(source, line, marks.first().map(|mark| mark.span.start), width);
    let base = excerpt.text.len();
    let mut offsets = Vec::new();
    let mut text = String::new();
    if window.start > line.start {
        text.push('…');
    }
    // One character stays one character, so that places can be found again by counting.
    for c in without_secrets(source, window, secret).chars().map(visible) {
        offsets.push(text.len());
        text.push(c);
    }
    offsets.push(text.len());
    if window.end < line.end {
        text.push('…');
    }
    let place = |offset: u32| {
        let before = Span::new(window.start, offset.clamp(window.start, window.end)).of(source.text());
        let index = before.chars().count().min(offsets.len() - 1);
        base + offsets.get(index).copied().unwrap_or(0)
    };
    for mark in marks {
        let from = place(mark.span.start);
        // A mark that goes on over further lines is shown on its first.
        let to = place(mark.span.end.max(mark.span.start));
        excerpt.marks.push((from, to.saturating_sub(from), (*mark).clone()));
    }
    excerpt.text.push_str(&text);
    excerpt.text.push('\n');
}
