//! What must never be shown: values that look like secrets.
//!
//! soalint's output ends up in CI logs and pull requests, which more people can read than the
//! configuration itself. What is reported as a secret ([`secrets_in`], [`is_secret_name`]) is what
//! nearly everyone would call one; what is hidden ([`mask`], [`Hidden`]) is more than that.

mod commands;
mod forms;
mod guess;
mod harmless;
mod hidden;
mod names;
mod patterns;
mod programs;
mod refused;
mod tokens;
mod tree;

use std::borrow::Cow;
use std::ops::Range;

use crate::text::printable;

use guess::Form;
pub(crate) use guess::{sounds_secret, takes_secret};
use harmless::is_harmless;
pub use hidden::Hidden;
use names::{Tells, tells};

/// An invented example of every kind of token that is known by its form, in two parts: what it begins with, and the rest,
/// which is secret.
pub fn example_tokens() -> impl Iterator<Item = (&'static str, &'static str)> {
    tokens::TOKENS.iter().map(|token| (token.start, token.example))
}

/// An invented command with the password `tangerine-41` for every kind of program that is known to take one.
pub fn example_commands() -> impl Iterator<Item = &'static str> {
    programs::PROGRAMS.iter().map(|program| program.example)
}

/// Whether a variable of this name probably holds a secret.
pub fn is_secret_name(name: &str) -> bool {
    tells(name) == Tells::Secret
}

/// Whether `text` holds something that is a secret whatever it is called.
pub(crate) fn holds_secret(text: &str) -> bool {
    guess::reports_known(text)
}

/// Where in a command secrets stand that are worth a finding: those that look like one whatever they are
/// called, the values of names that speak of one, and what programs are known to take for one.
pub fn secrets_in(command: &str) -> Vec<Range<usize>> {
    guess::reported_in(command)
}

/// The same of a command that is a list of its words, as far as one word says what another is: which of them, and
/// where in it.
pub(crate) fn secrets_in_list<'t>(
    words: impl Iterator<Item = Option<&'t str>>,
) -> Vec<(usize, Range<usize>)> {
    commands::secrets_in_list(words)
}

/// Whether a value is a placeholder rather than a secret: empty, a variable, a path, a number. What is harmless enough
/// to be shown is one, so that whatever is reported is hidden.
pub fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    is_harmless(value, Form::Text)
        || value.starts_with(['/', '$', '<', '{', '~', '*', '&'])
        || value.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// `text` with every character of a secret but spaces replaced by `*`; the number of characters stays.
pub fn mask(text: &str) -> Cow<'_, str> {
    let hidden = guess::secrets_in(text, Form::Text).ranges;
    if hidden.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(hide(text, &hidden)) }
}

/// The same for what is known to be secret: `hidden`, in order.
pub(crate) fn hide(text: &str, hidden: &[Range<usize>]) -> String {
    let mut hidden = hidden.iter().peekable();
    let masked = text.char_indices().map(|(at, c)| {
        while hidden.next_if(|range| range.end <= at).is_some() {}
        let is_hidden = hidden.peek().is_some_and(|range| range.start <= at);
        if is_hidden && !c.is_whitespace() { '*' } else { c }
    });
    masked.collect()
}

/// The start of `text` for a message: at most so many characters, without secrets. A secret is hidden
/// before the text is cut, since half of one does not look like one.
pub(crate) fn excerpt(text: &str, longest: usize) -> String {
    /// Characters beyond the cut that are looked at, so that a huge value is not read for a few of them.
    const BEYOND: usize = 4096;
    let end = text.char_indices().nth(longest.saturating_add(BEYOND)).map_or(text.len(), |(at, _)| at);
    let masked = mask(text.get(..end).unwrap_or(text));
    let mut short: String = masked.chars().take(longest).collect();
    if text.chars().nth(longest).is_some() {
        short.push('…');
    }
    short
}

/// `text` as it may stand between backticks of a message: at most so many characters on one line, without
/// secrets, control characters and backticks.
pub(crate) fn quotable(text: &str, longest: usize) -> String {
    printable(&excerpt(text, longest)).replace('`', "'")
}

/// A value under a name or path of names as it may be shown: nothing of it where one of them speaks of a
/// secret.
pub(crate) fn mask_under(value: &str, is_under_secret: bool) -> Cow<'_, str> {
    if is_under_secret && !is_harmless(value, Form::Text) { Cow::Borrowed("********") } else { mask(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_and_the_rest_stays() {
        let cases = [
            ("    DB_PASSWORD: hunter2", "    DB_PASSWORD: *******"),
            ("  env: {API_KEY: 'abc', MODE: fast}", "  env: {API_KEY: '***', MODE: fast}"),
            ("  cmd: run --url postgres://u:pw@db/x", "  cmd: run --url postgres://u:**@db/x"),
            ("  KEY: AKIAABCDEFGHIJKLMNOP", "  KEY: ********************"),
            ("  cmd: run --token=abc --port=1", "  cmd: run --token=*** --port=1"),
            ("  env: {DB_PASSWORD: hunter2, MODE: x}", "  env: {DB_PASSWORD: *******, MODE: x}"),
            ("  TOKEN_TTL: 3600", "  TOKEN_TTL: 3600"),
            ("  SECRET_FILE: /etc/secrets/x", "  SECRET_FILE: /etc/secrets/x"),
            ("  TOKENIZER: fast", "  TOKENIZER: fast"),
            ("  PASSWORD: é", "  PASSWORD: *"),
            ("  PASSWORD: a,b]c", "  PASSWORD: *****"),
            ("  PASSWORD: a'b # old", "  PASSWORD: *** # old"),
            ("  PASSWORD: \"a'b,\\\"c\"", "  PASSWORD: \"*******\""),
            ("  PASSWORD: 'it''s'", "  PASSWORD: '*****'"),
            ("  PASSWORD: &pw hunter2", "  PASSWORD: &pw *******"),
            ("  PASSWORD: !!str hunter2", "  PASSWORD: !!str *******"),
            ("  PASSWORD: *pw", "  PASSWORD: *pw"),
            ("  cmd: run --password hunter2 -v", "  cmd: run --password ******* -v"),
            ("  cmd: run --password 'hun ter' -v", "  cmd: run --password '*** ***' -v"),
            ("  cmd: run '{\"password\": \"abc\"}'", "  cmd: run '{\"password\": \"***\"}'"),
            ("  args: [--token, abc]", "  args: [--token, ***]"),
            ("  args: ['--token', 'abc', x]", "  args: ['--token', '***', x]"),
            ("  args: [--token, --verbose]", "  args: [--token, --verbose]"),
            ("  cmd: run -v --token abc", "  cmd: run -v --token ***"),
            ("  cmd: rotate-token now", "  cmd: rotate-token now"),
            ("  cmd: docker login --password-stdin x", "  cmd: docker login --password-stdin x"),
            ("  cmd: run --token -v", "  cmd: run --token -v"),
            ("  cmd: run --token $TOKEN", "  cmd: run --token $TOKEN"),
        ];
        for (line, masked) in cases {
            assert_eq!(mask(line), masked);
        }
    }
}
