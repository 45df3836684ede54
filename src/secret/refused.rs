//! Secrets in a text that could not be read as YAML: one pass over its lines, which follows what a
//! person sees, names and indentation.

use std::ops::Range;

use super::commands;
use super::guess::quoted;
use super::guess::{self, Form, sounds_secret};
use super::harmless::is_harmless;
use super::patterns::{self, Pattern};

/// What the lines below belong to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Open {
    #[default]
    Nothing,
    /// The value of a key at that column.
    Key { column: usize, is_empty: bool, is_question: bool },
    /// A quote.
    Quote(char),
    /// So many brackets.
    Brackets(usize),
    /// A private key that began on a line indented so far.
    PrivateKey(usize),
    /// One word.
    Next,
}

/// Where in `text` secrets may stand, in any order.
pub(super) fn secrets_in(text: &str) -> Vec<Range<usize>> {
    // A command may be a list over several lines.
    let mut found = commands::secrets_in(text, Form::Refused);
    let mut open = Open::Nothing;
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let content = line.trim_end_matches(['\n', '\r']);
        if !content.trim().is_empty() {
            if goes_on(&mut open, content) {
                found.push(start..start + content.len());
            } else {
                let guess = guess::secrets_in(content, Form::Refused);
                open = opened(content, guess.unclosed, &mut found, start);
                found.extend(guess.ranges.into_iter().map(|range| start + range.start..start + range.end));
            }
        }
        start += line.len();
    }
    found
}

/// Whether the line belongs to the secret above it; settles what is open after it.
fn goes_on(open: &mut Open, line: &str) -> bool {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let text = line.trim();
    match *open {
        Open::Nothing => false,
        Open::Quote(quote) => {
            if quoted(line, quote).len() < line.len() {
                *open = Open::Nothing;
            }
            true
        }
        Open::Brackets(depth) => {
            let depth = brackets(line, depth);
            *open = if depth == 0 { Open::Nothing } else { Open::Brackets(depth) };
            true
        }
        Open::PrivateKey(from) => {
            let ends = text.contains("-----END");
            if ends || indent < from {
                *open = Open::Nothing;
            }
            !ends && indent >= from
        }
        Open::Next => {
            *open = Open::Nothing;
            !text.trim_start_matches(['-', ' ', '"', '\'']).is_empty() && !is_flag(text)
        }
        Open::Key { column, is_empty, is_question } => {
            let is_value = is_question && indent == column && text.starts_with(':');
            let is_item = is_empty && indent == column && (text.starts_with("- ") || text == "-");
            // What looks like an instance is one, whatever it is called.
            let is_instance = column == 0 && is_empty && key_of(text).is_some_and(|(_, _, colon)| colon);
            if is_instance || !(indent > column || is_value || is_item) {
                *open = Open::Nothing;
                return false;
            }
            true
        }
    }
}

/// An item of a list that is a flag.
fn is_flag(text: &str) -> bool {
    text.trim_start_matches("- ").trim_start_matches(['"', '\'']).starts_with('-')
}

/// What a line leaves open.
fn opened(line: &str, unclosed: Option<char>, found: &mut Vec<Range<usize>>, start: usize) -> Open {
    if let Some(quote) = unclosed {
        return Open::Quote(quote);
    }
    if line.contains("PRIVATE KEY-----") && !line.contains("-----END") {
        return Open::PrivateKey(line.len() - line.trim_start_matches(' ').len());
    }
    let name = |pattern: &Pattern| {
        let found = pattern.captures(line)?;
        Some(found.name("name")?.as_str().to_owned())
    };
    let is_next = name(&patterns::OPEN_IN_BRACES).is_some_and(|name| sounds_secret(&name))
        || name(&patterns::FLAG_AT_END)
            .is_some_and(|name| sounds_secret(&name) || guess::is_user_flag(&name));
    if is_next {
        return Open::Next;
    }
    let Some((column, name, has_colon)) = key_of(line).filter(|(_, name, _)| sounds_secret(name)) else {
        return Open::Nothing;
    };
    if !has_colon {
        let is_question = line.trim_start().starts_with("? ");
        let column = line.len() - line.trim_start().len();
        return if is_question { Open::Key { column, is_empty: true, is_question } } else { Open::Nothing };
    }
    let after = line.find(name.as_str()).and_then(|at| line.get(at + name.len()..)).unwrap_or("");
    let value = after.trim_start_matches(['"', '\'', ' ']).trim_start_matches(':').trim_start();
    if value.starts_with(['{', '[']) {
        let depth = brackets(value, 0);
        if column == 0 {
            return Open::Nothing;
        }
        let begin = start + line.len() - value.len();
        found.push(begin + 1..start + line.len());
        return if depth == 0 { Open::Nothing } else { Open::Brackets(depth) };
    }
    let is_empty = value.is_empty() || value.starts_with(['#', '&', '!']);
    let is_alias = value.starts_with('*') && is_harmless(value, Form::Refused);
    if is_alias { Open::Nothing } else { Open::Key { column, is_empty, is_question: false } }
}

/// The key at the start of a line: its column, its name, and whether a colon follows.
fn key_of(line: &str) -> Option<(usize, String, bool)> {
    let found = patterns::KEY.captures(line)?;
    let column = found.name("before")?.end();
    Some((column, found.name("name")?.as_str().to_owned(), found.name("colon").is_some()))
}

/// Brackets that are open after `text`, if `depth` are before.
fn brackets(text: &str, depth: usize) -> usize {
    text.chars().fold(depth, |depth, c| match c {
        '{' | '[' => depth + 1,
        '}' | ']' => depth.saturating_sub(1),
        _ => depth,
    })
}
