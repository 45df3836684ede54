//! What must never be shown: values that look like secrets.
//!
//! soalint's output ends up in CI logs and pull requests, which more people can read than the
//! configuration itself. One place decides what looks like a secret; the excerpts of every report
//! are masked by it.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

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
    has_part(text, |rest| match rest.first() {
        Some(b'A') => rest.starts_with(b"AKIA") || rest.starts_with(b"ASIA"),
        Some(b'-') => rest.starts_with(b"-----BEGIN"),
        Some(b'e') => rest.starts_with(b"eyJ"),
        Some(b'g') => rest.starts_with(b"gh"),
        Some(b'x') => rest.starts_with(b"xox"),
        Some(b':') => rest.starts_with(b"://"),
        _ => false,
    })
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

/// `line` with every character of a secret replaced by `*`; the number of characters stays.
pub fn mask(line: &str) -> String {
    let hidden = secrets_in(line);
    if hidden.is_empty() {
        return line.to_owned();
    }
    let is_hidden = |at: usize| hidden.iter().any(|range| range.contains(&at));
    line.char_indices().map(|(at, c)| if is_hidden(at) { '*' } else { c }).collect()
}

/// Where in a line of a file, or in a command, secrets stand: those that look like one whatever they
/// are called, and the values of names that speak of one.
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
                found.push(whole.end()..whole.end() + value.len());
            }
        }
    }
    found.sort_by_key(|range| range.start);
    found
}

/// Lines before another one that are looked at to find out what it belongs to.
const FAR: usize = 100;

/// Whether `line` is a further line of a secret that begins on one of the lines before it, the
/// nearest of which comes first: a block scalar, a value of several lines, a private key.
pub fn continues_secret<'a>(before: impl Iterator<Item = &'a str>, line: &str) -> bool {
    let mut indent = indent_of(line);
    let mut is_nearest = true;
    let mut key_has_ended = false;
    for prior in before.take(FAR) {
        if prior.contains("-----END ") {
            key_has_ended = true;
        } else if !key_has_ended && prior.contains("PRIVATE KEY-----") {
            return true;
        }
        if prior.trim().is_empty() {
            continue;
        }
        let own = indent_of(prior);
        if is_nearest && is_flag_before(prior, line) {
            return true;
        }
        if (own < indent || is_nearest) && opens_secret(prior, line, own < indent) {
            return true;
        }
        is_nearest = false;
        indent = indent.min(own);
    }
    false
}

/// Whether the value of the last name on `prior` is a secret that goes on below.
fn opens_secret(prior: &str, line: &str, is_deeper: bool) -> bool {
    if let Some(name) = prior.trim_start().strip_prefix("? ") {
        return line.trim_start().starts_with(':') && is_secret_name(name.trim());
    }
    let text = prior.trim_end();
    let last = ASSIGNMENT.as_ref().and_then(|regex| regex.captures_iter(text).last());
    let at_end = || {
        let name = text.strip_suffix(':')?.trim_end().trim_end_matches(['"', '\'']);
        name.rsplit(|c: char| c.is_whitespace() || matches!(c, '{' | ',' | '"' | '\'')).next()
    };
    if let Some(name) = at_end() {
        return is_secret_name(name) && (is_deeper || text.contains('{'));
    }
    let Some(last) = last.filter(|last| last.name("colon").is_some()) else { return false };
    let value = last.get(0).and_then(|whole| text.get(whole.end()..)).unwrap_or("");
    let is_secret = last.name("name").is_some_and(|name| is_secret_name(name.as_str()));
    is_deeper && is_secret && !value.starts_with(['{', '[', '*'])
}

/// Whether `prior` is a list item that is a flag, and `line` the item with its secret value.
fn is_flag_before(prior: &str, line: &str) -> bool {
    let item = |line: &'_ str| {
        let item = line.trim().strip_prefix("- ")?.trim().trim_matches(['"', '\'']);
        Some(item.to_owned())
    };
    let (Some(flag), Some(value)) = (item(prior), item(line)) else { return false };
    flag.starts_with('-')
        && !flag.contains(['=', ' '])
        && is_secret_name(flag.trim_start_matches('-'))
        && !value.starts_with('-')
        && !is_placeholder(&value)
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
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
            ("  cmd: run --password 'hun ter' -v", "  cmd: run --password '*******' -v"),
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

    #[test]
    fn further_lines_of_a_secret_are_known() {
        let cases: &[(&[&str], &str, bool)] = &[
            (&["env:", "  PASSWORD:"], "    hunter2", true),
            (&["env:", "  PASSWORD: |"], "    hunter2", true),
            (&["env:", "  PASSWORD: >-  # why", "    hunter2"], "      more", true),
            (&["env:", "  PASSWORD: \"hun"], "    ter2\"", true),
            (&["env: {PASSWORD:"], "hunter2}", true),
            (&["env:", "  ? PASSWORD"], "  : hunter2", true),
            (&["  CERT: |", "    -----BEGIN RSA PRIVATE KEY-----", "    MIIE"], "    abcd", true),
            (
                &["  CERT: |", "    -----BEGIN PRIVATE KEY-----", "    MII", "    -----END PRIVATE KEY-----"],
                "  A: b",
                false,
            ),
            (&["args:", "  - --token"], "  - abc", true),
            (&["args:", "  - --token"], "  - --verbose", false),
            (&["env:", "  PASSWORD: x"], "  MODE: fast", false),
            (&["env:", "  PASSWORD:"], "  MODE: fast", false),
            (&["env:", "  MODE: |"], "    fast", false),
            (&["env:", "  PASSWORD_FILE:"], "    /etc/secrets/x", false),
            (&[], "main:", false),
        ];
        for (before, line, expected) in cases {
            assert_eq!(continues_secret(before.iter().rev().copied(), line), *expected, "{before:?} {line}");
        }
    }
}
