//! What must not be shown of one file, found once and then asked for by every report.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::guess::{self, Form};
use super::{refused, tree};
use crate::source::{SourceText, Span};
use crate::text::printable;
use crate::yaml::{self, Budget, Tree};

/// Secrets shorter than this, in characters, are not looked for in words: every other word would be one.
const SHORTEST: usize = 4;
/// Secrets shorter than this count in words only where they stand alone.
const SHORT: usize = 8;
/// Characters of a secret that are looked for at most: of one that is longer, nothing behind them is shown.
const LONGEST: usize = 256;
/// The end of what was cut.
const CUT: char = '…';
/// Characters before a cut that may be the start of a secret, at most.
const LONGEST_CUT: usize = LONGEST;

/// The secrets of a file.
#[derive(Debug, Default)]
pub struct Hidden {
    /// In order, without overlap.
    spans: Vec<Span>,
    /// What they read like.
    values: Vec<String>,
    words: OnceLock<Words>,
}

impl Hidden {
    /// The secrets of a text: of a tree if it can be read, else of its lines.
    pub fn of(text: &str) -> Self {
        let lines = TellingLines::of(text);
        if lines.is_empty() {
            return Self::default();
        }
        match yaml::parse(text.as_bytes(), &Budget::default()) {
            Ok(tree) => Self::of_lines(&tree, &lines),
            Err(_) => Self::new(text, refused::secrets_in(text), Vec::new()),
        }
    }

    /// The secrets of a text that was read.
    pub(crate) fn of_tree(tree: &Tree) -> Self {
        let lines = TellingLines::of(tree.text());
        if lines.is_empty() { Self::default() } else { Self::of_lines(tree, &lines) }
    }

    fn of_lines(tree: &Tree, lines: &TellingLines) -> Self {
        let text = tree.text();
        let secrets = tree::secrets_of(tree, lines);
        let mut ranges: Vec<Range<usize>> =
            secrets.spans.iter().map(|span| span.start as usize..span.end as usize).collect();
        for line in &lines.lines {
            let guess = guess::secrets_in(text.get(line.clone()).unwrap_or(""), Form::Line);
            ranges.extend(
                guess.ranges.into_iter().map(|range| line.start + range.start..line.start + range.end),
            );
        }
        Self::new(text, ranges, secrets.values)
    }

    fn new(text: &str, ranges: Vec<Range<usize>>, values: Vec<String>) -> Self {
        if ranges.is_empty() && values.is_empty() {
            return Self::default();
        }
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let mut ranges = guess::united(ranges);
        repetitions(text, &values, &mut ranges);
        let ranges = guess::united(ranges);
        let spans =
            ranges.into_iter().map(|range| Span::new(offset(range.start), offset(range.end))).collect();
        Self { spans, values, words: OnceLock::new() }
    }

    /// The secrets of a text in which names that speak of one do not: those of our own rules.
    pub fn of_configuration(text: &str) -> Self {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let spans = guess::known_in(text).into_iter();
        let spans = spans.map(|range| Span::new(offset(range.start), offset(range.end))).collect();
        Self { spans, ..Self::default() }
    }

    /// Whether there is nothing to hide.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Those that `span` meets.
    fn within(&self, span: Span) -> &[Span] {
        let first = self.spans.partition_point(|hidden| hidden.end <= span.start);
        let rest = self.spans.get(first..).unwrap_or(&[]);
        rest.get(..rest.partition_point(|hidden| hidden.start < span.end)).unwrap_or(&[])
    }

    /// Whether any character of `span` must not be shown.
    pub fn meets(&self, span: Span) -> bool {
        !self.within(span).is_empty()
    }

    /// What `source` has at `span`, with `*` for every character that must not be shown but blanks; the
    /// number of characters stays.
    pub fn mask(&self, source: &SourceText, span: Span) -> String {
        let text = span.of(source.text());
        let mut hidden = self.within(span).iter().peekable();
        if hidden.peek().is_none() {
            return text.to_owned();
        }
        let masked = text.char_indices().map(|(at, c)| {
            let at = span.start as usize + at;
            while hidden.next_if(|hidden| hidden.end as usize <= at).is_some() {}
            let is_hidden = hidden.peek().is_some_and(|hidden| hidden.start as usize <= at);
            if is_hidden && !c.is_whitespace() { '*' } else { c }
        });
        masked.collect()
    }

    /// `text`, which may quote the file, without its secrets.
    pub fn scrub<'w>(&self, source: &SourceText, text: &'w str) -> Cow<'w, str> {
        if self.is_empty() {
            return Cow::Borrowed(text);
        }
        self.words.get_or_init(|| Words::of(self, source)).scrub(text)
    }
}

/// The lines of a text that hold anything that a secret cannot do without.
#[derive(Debug, Default)]
pub(super) struct TellingLines {
    /// In order, without their line breaks.
    lines: Vec<Range<usize>>,
    /// Whether a text may read differently from how it is written, so that the lines do not tell.
    is_escaped: bool,
}

impl TellingLines {
    fn of(text: &str) -> Self {
        let escapes = ["\\x", "\\u", "\\U", "\\\n", "\\\r"];
        let is_escaped = text.contains('\\') && escapes.iter().any(|escape| text.contains(escape));
        let mut lines: Vec<Range<usize>> = Vec::new();
        let is_break = |b: &u8| matches!(b, b'\n' | b'\r');
        let bytes = text.as_bytes();
        for first_in in guess::HINTS {
            let mut done = 0;
            while let Some(found) = first_in(text.get(done..).unwrap_or("")) {
                let at = done + found;
                let before = bytes.get(done..at).unwrap_or(&[]).iter().rposition(is_break);
                let after = bytes.get(at..).unwrap_or(&[]).iter().position(is_break);
                let start = before.map_or(done, |before| done + before + 1);
                done = after.map_or(text.len(), |after| at + after);
                lines.push(start..done);
            }
        }
        lines.sort_unstable_by_key(|line| line.start);
        lines.dedup();
        Self { lines, is_escaped }
    }

    fn is_empty(&self) -> bool {
        self.lines.is_empty() && !self.is_escaped
    }

    /// Whether what is written at `span` may hold a secret, or the name of one.
    pub(super) fn meet(&self, span: Span) -> bool {
        let first = self.lines.partition_point(|line| line.end < span.start as usize);
        self.is_escaped || self.lines.get(first).is_some_and(|line| line.start <= span.end as usize)
    }
}

/// Adds the other places of a text that repeat a secret: comments, other names.
fn repetitions(text: &str, values: &[String], ranges: &mut Vec<Range<usize>>) {
    // A word of small letters may be there for its own sake.
    let is_telling = |secret: &&str| {
        secret.len() >= SHORT && secret.len() <= LONGEST && !secret.bytes().all(|b| b.is_ascii_lowercase())
    };
    let written = ranges.iter().filter_map(|range| text.get(range.clone()));
    let all: BTreeSet<&str> =
        written.chain(values.iter().map(String::as_str)).map(str::trim).filter(is_telling).collect();
    match finder(all.iter()) {
        Some(finder) => ranges.extend(finder.find_iter(text).map(|found| found.range())),
        None => ranges.push(0..text.len()),
    }
}

/// Finds the longest of these. The faster kinds take too long to build for what is looked for in a few
/// sentences. `None` where there are too many of them, and then everything is to be hidden.
fn finder(secrets: impl Iterator<Item = impl AsRef<[u8]>>) -> Option<AhoCorasick> {
    let mut builder = AhoCorasick::builder();
    builder.match_kind(MatchKind::LeftmostLongest).kind(Some(AhoCorasickKind::NoncontiguousNFA));
    builder.build(secrets).ok()
}

/// Finds secrets in words.
#[derive(Debug)]
struct Words {
    /// For those that are cut.
    all: BTreeSet<String>,
    /// For those that are not; `None` hides everything.
    finder: Option<AhoCorasick>,
}

impl Words {
    fn of(hidden: &Hidden, source: &SourceText) -> Self {
        let mut all = BTreeSet::new();
        let written = hidden.spans.iter().map(|span| span.of(source.text()));
        let values = hidden.values.iter().map(String::as_str);
        for line in written.chain(values).flat_map(|text| std::iter::once(text).chain(text.lines())) {
            let line = line.trim();
            if line.chars().nth(SHORTEST - 1).is_none() {
                continue;
            }
            let end = line.char_indices().nth(LONGEST).map_or(line.len(), |(at, _)| at);
            let line = line.get(..end).unwrap_or(line);
            // As messages write it.
            let shown = printable(line);
            all.insert(shown.replace('`', "'"));
            all.insert(shown);
            all.insert(line.to_owned());
        }
        let finder = finder(all.iter());
        Self { all, finder }
    }

    fn scrub<'w>(&self, text: &'w str) -> Cow<'w, str> {
        let Some(finder) = &self.finder else { return Cow::Owned(stars(text)) };
        let mut clean = String::new();
        let mut done = 0;
        for found in finder.find_iter(text) {
            if found.start() < done {
                break;
            }
            let secret = text.get(found.range()).unwrap_or("");
            let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            let before = text.get(..found.start()).and_then(|text| text.chars().next_back());
            let after = text.get(found.end()..).and_then(|text| text.chars().next());
            if secret.chars().nth(SHORT - 1).is_none() && (is_word(before) || is_word(after)) {
                continue;
            }
            clean.push_str(text.get(done..found.start()).unwrap_or(""));
            clean.push_str(&stars(secret));
            done = if secret.chars().nth(LONGEST - 1).is_some() { text.len() } else { found.end() };
        }
        if done > 0 {
            clean.push_str(text.get(done..).unwrap_or(""));
        }
        let text = if done > 0 { Cow::Owned(clean) } else { Cow::Borrowed(text) };
        match self.without_cut_ones(&text) {
            Some(clean) => Cow::Owned(clean),
            None => text,
        }
    }

    /// The text without starts of secrets that end in a cut; `None` where there are none.
    fn without_cut_ones(&self, text: &str) -> Option<String> {
        let mut clean = String::new();
        let mut done = 0;
        for (cut, _) in text.match_indices(CUT) {
            let before = text.get(done..cut).unwrap_or("");
            let starts = before.char_indices().rev().take(LONGEST_CUT).map(|(at, _)| at);
            let start = starts.filter(|at| before.get(*at..).is_some_and(|end| self.starts_with(end))).last();
            if let Some(start) = start {
                clean.push_str(before.get(..start).unwrap_or(""));
                clean.push_str(&stars(before.get(start..).unwrap_or("")));
                done = cut;
            }
        }
        (done > 0).then(|| clean + text.get(done..).unwrap_or(""))
    }

    /// Whether a secret starts with that.
    fn starts_with(&self, start: &str) -> bool {
        let is_long = start.chars().nth(SHORTEST - 1).is_some();
        is_long && self.all.range(start.to_owned()..).next().is_some_and(|secret| secret.starts_with(start))
    }
}

/// As many as there are characters, up to eight.
fn stars(secret: &str) -> String {
    "*".repeat(secret.chars().take(SHORT).count())
}
