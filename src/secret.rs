//! What must never be shown: values that look like secrets.
//!
//! soalint's output ends up in CI logs and pull requests, which more people can read than the
//! configuration itself. What is reported as a secret ([`secrets_in`], [`is_secret_name`]) is what
//! nearly everyone would call one; what is hidden ([`mask`], [`Hidden`]) is more than that.

mod guess;
mod hidden;
mod refused;
mod tree;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use guess::{Form, is_harmless};
pub(crate) use guess::{sounds_secret, takes_secret};
pub use hidden::Hidden;

/// Words in a name that say that its value is a secret.
static SECRET_NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[^a-z])(?:password|passwd|passphrase|secret|token|api_?key|private_?key|access_?key|credentials?)(?:$|[^a-z])").ok()
});

/// A name that speaks of a secret but holds something public about it: where it is, how long it lives.
static HARMLESS_NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:_|-)(?:file|path|dir|url|uri|host|name|id|ttl|timeout|expiry|expiration|length|size|count|limit|type|enabled|header|bucket|prefix|store|version|stdin|env|command)s?$").ok()
});

/// Values that are secrets whatever they are called: cloud keys, private keys, signed tokens,
/// passwords in URLs.
static SECRET_VALUE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
        r"|-----BEGIN [A-Z ]*PRIVATE KEY-----",
        r"|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*",
        r"|\bgh[pousr]_[A-Za-z0-9]{36,}\b",
        r"|\bxox[abprs]-[A-Za-z0-9-]{10,}",
        r"|\b[a-z][a-z0-9+.-]*://[^/\s:@$]+:(?P<password>[^/\s:@$]+)@",
    ))
    .ok()
});

/// The start of an assignment: `name: `, `name: &anchor `, `name=`, `"name": `.
static ASSIGNMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?P<name>[A-Za-z_][A-Za-z0-9_.-]*)["']?(?:\s*(?P<colon>:)\s+(?:[&!]\S*\s+)*|\s*=\s*)(?P<quote>["'])?"#,
    )
    .ok()
});

/// The start of a flag whose value is the next word, or the next item of a list: `--password `.
static FLAG: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?:^|[^A-Za-z0-9_-])--?(?P<name>[A-Za-z][A-Za-z0-9_-]*)(?:\s+|(?P<comma>["']?,)\s*)(?P<quote>["'])?"#).ok()
});

/// Whether the text holds a part that every match of [`SECRET_NAME`] has, in small letters or large ones: most
/// names have none, and then no pattern needs to be compiled.
fn has_name_part(text: &str) -> bool {
    has_part(text, |rest| {
        let part: &[u8] = match rest.first().map(u8::to_ascii_lowercase) {
            Some(b'p') => b"pass",
            Some(b's') => b"secret",
            Some(b't') => b"token",
            Some(b'k') => b"key",
            Some(b'c') => b"credential",
            _ => return false,
        };
        rest.get(..part.len()).is_some_and(|start| start.eq_ignore_ascii_case(part))
    })
}

/// The same for [`SECRET_VALUE`].
fn has_value_part(text: &str) -> bool {
    has_part(text, has_value_start)
}

/// Whether what every match of [`SECRET_VALUE`] has begins there.
fn has_value_start(rest: &[u8]) -> bool {
    match rest.first() {
        Some(b'A') => rest.starts_with(b"AKIA") || rest.starts_with(b"ASIA"),
        Some(b'-') => rest.starts_with(b"-----BEGIN"),
        Some(b'e') => rest.starts_with(b"eyJ"),
        Some(b'g') => rest.starts_with(b"gh"),
        Some(b'x') => rest.starts_with(b"xox"),
        Some(b':') => rest.starts_with(b"://"),
        _ => false,
    }
}

/// The name with its words parted by `_`: `dbPassword` is `db_Password`.
fn normalized(name: &str) -> Cow<'_, str> {
    let is_joint = |(before, after): (char, char)| before.is_ascii_lowercase() && after.is_ascii_uppercase();
    if !name.chars().zip(name.chars().skip(1)).any(is_joint) {
        return Cow::Borrowed(name);
    }
    let mut words = String::with_capacity(name.len() + 4);
    let mut before = None;
    for c in name.chars() {
        if before.is_some_and(|before| is_joint((before, c))) {
            words.push('_');
        }
        words.push(c);
        before = Some(c);
    }
    Cow::Owned(words)
}

/// Whether something begins at one of the bytes: one pass, since every command and variable is looked at.
fn has_part(text: &str, begins: impl Fn(&[u8]) -> bool) -> bool {
    let bytes = text.as_bytes();
    (0..bytes.len()).any(|at| bytes.get(at..).is_some_and(&begins))
}

/// Whether a variable of this name probably holds a secret.
pub fn is_secret_name(name: &str) -> bool {
    if !has_name_part(name) {
        return false;
    }
    let matches = |regex: &LazyLock<Option<Regex>>| regex.as_ref().is_some_and(|r| r.is_match(name));
    matches(&SECRET_NAME) && !matches(&HARMLESS_NAME)
}

/// Where in `text` something stands that is a secret whatever it is called.
pub fn secret_in(text: &str) -> Option<Range<usize>> {
    if !has_value_part(text) {
        return None;
    }
    let found = SECRET_VALUE.as_ref()?.captures(text)?;
    let range = found.name("password").or_else(|| found.get(0))?.range();
    Some(range)
}

/// Whether a value is a placeholder rather than a secret: empty, a variable, a path, a number.
pub fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    value.is_empty()
        || value.starts_with(['/', '$', '<', '{', '~', '*', '&'])
        || value.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        || ["true", "false", "yes", "no", "on", "off", "null", "none"]
            .contains(&value.to_ascii_lowercase().as_str())
}

/// `text` with every character of a secret but blanks replaced by `*`; the number of characters stays.
pub fn mask(text: &str) -> Cow<'_, str> {
    let hidden = guess::secrets_in(text, Form::Text).ranges;
    if hidden.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut hidden = hidden.iter().peekable();
    let masked = text.char_indices().map(|(at, c)| {
        while hidden.next_if(|range| range.end <= at).is_some() {}
        let is_hidden = hidden.peek().is_some_and(|range| range.start <= at);
        if is_hidden && !c.is_whitespace() { '*' } else { c }
    });
    Cow::Owned(masked.collect())
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

/// A value under a name or path of names as it may be shown: nothing of it where one of them speaks of a
/// secret.
pub(crate) fn mask_under(value: &str, is_under_secret: bool) -> Cow<'_, str> {
    if is_under_secret && !is_harmless(value, Form::Text) { Cow::Borrowed("********") } else { mask(value) }
}

/// Where in a line of a file, or in a command, secrets stand that are worth a finding: those that look
/// like one whatever they are called, and the values of names that speak of one.
pub fn secrets_in(line: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    if !has_name_part(line) && !has_value_part(line) {
        return found;
    }
    let mut from = 0;
    while let Some(range) = line.get(from..).and_then(secret_in) {
        let range = from + range.start..from + range.end;
        from = range.end.max(from + 1);
        while !line.is_char_boundary(from) {
            from += 1;
        }
        found.push(range);
    }
    for (regex, is_flag) in [(&ASSIGNMENT, false), (&FLAG, true)] {
        let Some(regex) = regex.as_ref() else { continue };
        let mut from = 0;
        while let Some(start) = regex.captures_at(line, from) {
            let (Some(name), Some(whole)) = (start.name("name"), start.get(0)) else { break };
            // Not after the whole match: the blank at its end may begin the next flag.
            from = name.end();
            if !is_secret_name(name.as_str()) {
                continue;
            }
            let rest = line.get(whole.end()..).unwrap_or("");
            let value = match start.name("quote").and_then(|quote| quote.as_str().chars().next()) {
                Some(quote) => quoted(rest, quote),
                None if is_flag && start.name("comma").is_some() => item(rest),
                None if is_flag || start.name("colon").is_none() => word(rest),
                None => plain(rest, line.get(..name.start()).unwrap_or("")),
            };
            let is_next_flag = is_flag && value.starts_with('-');
            if !is_next_flag && !is_placeholder(value) {
                from = (whole.end() + value.len()).max(from);
                found.push(whole.end()..from);
            }
        }
    }
    found.sort_by_key(|range| range.start);
    found
}

/// The value at the start of `rest` up to its closing quote, or all of it.
fn quoted(rest: &str, quote: char) -> &str {
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && quote == '"' {
            chars.next();
        } else if c == quote {
            // A doubled quote stands for itself.
            if quote == '\'' && chars.next_if(|(_, next)| *next == '\'').is_some() {
                continue;
            }
            return rest.get(..at).unwrap_or(rest);
        }
    }
    rest
}

/// The value at the start of `rest` on a command line.
fn word(rest: &str) -> &str {
    rest.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')).next().unwrap_or("")
}

/// The item at the start of `rest` in a list between brackets.
fn item(rest: &str) -> &str {
    rest.split([',', ']']).next().unwrap_or("").trim_end()
}

/// The value at the start of `rest` in YAML; `before` is what stands before its name.
fn plain<'a>(rest: &'a str, before: &str) -> &'a str {
    let is_block = before.trim_start_matches([' ', '-', '"', '\'']).is_empty();
    let value = rest.split(" #").next().unwrap_or("");
    let value = if is_block { value } else { value.split([',', '}', ']', '"', '\'']).next().unwrap_or("") };
    match value.trim_end() {
        // A block scalar begins here; its text stands on the lines below.
        "|" | "|-" | "|+" | ">" | ">-" | ">+" => "",
        value => value,
    }
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
