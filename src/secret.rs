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
    Regex::new(r"(?i)(?:_|-)(?:file|path|dir|url|uri|host|name|id|ttl|timeout|expiry|expiration|length|size|count|limit|type|enabled|header|bucket|prefix|store|version)s?$").ok()
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

/// The start of an assignment: `name: `, `name=`, `"name": `.
static ASSIGNMENT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?P<name>[A-Za-z_][A-Za-z0-9_.-]*)["']?(?::\s+|\s*=\s*)["']?"#).ok());

/// Parts of which every match of [`SECRET_NAME`] holds one, in lower case: most names have none, and
/// then no pattern needs to be compiled.
const NAME_PARTS: [&str; 5] = ["pass", "secret", "token", "key", "credential"];

/// The same for [`SECRET_VALUE`].
const VALUE_PARTS: [&str; 7] = ["AKIA", "ASIA", "-----BEGIN", "eyJ", "gh", "xox", "://"];

/// Whether a variable of this name probably holds a secret.
pub fn is_secret_name(name: &str) -> bool {
    let name_has = |part: &str| {
        name.as_bytes().windows(part.len()).any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
    };
    if !NAME_PARTS.iter().any(|part| name_has(part)) {
        return false;
    }
    let matches = |regex: &LazyLock<Option<Regex>>| regex.as_ref().is_some_and(|r| r.is_match(name));
    matches(&SECRET_NAME) && !matches(&HARMLESS_NAME)
}

/// Where in `text` something stands that is a secret whatever it is called.
pub fn secret_in(text: &str) -> Option<Range<usize>> {
    if !VALUE_PARTS.iter().any(|part| text.contains(part)) {
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
    let mut hidden: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    while let Some(range) = line.get(from..).and_then(secret_in) {
        let range = from + range.start..from + range.end;
        from = range.end.max(from + 1);
        while !line.is_char_boundary(from) {
            from += 1;
        }
        hidden.push(range);
    }
    if let Some(assignment) = ASSIGNMENT.as_ref() {
        for found in assignment.captures_iter(line) {
            let (Some(name), Some(whole)) = (found.name("name"), found.get(0)) else { continue };
            let value = assigned(line.get(whole.end()..).unwrap_or(""), whole.as_str().contains('='));
            if is_secret_name(name.as_str()) && !is_placeholder(value) {
                hidden.push(whole.end()..whole.end() + value.len());
            }
        }
    }
    if hidden.is_empty() {
        return line.to_owned();
    }
    let is_hidden = |at: usize| hidden.iter().any(|range| range.contains(&at));
    line.char_indices().map(|(at, c)| if is_hidden(at) { '*' } else { c }).collect()
}

/// The value at the start of `rest`: up to what ends it in YAML, or on a command line.
fn assigned(rest: &str, on_command_line: bool) -> &str {
    let ends = |c: char| matches!(c, '"' | '\'' | ',' | '}' | ']') || (on_command_line && c.is_whitespace());
    rest.split(ends).next().unwrap_or("").trim_end()
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
        ];
        for (line, masked) in cases {
            assert_eq!(mask(line), masked);
        }
    }
}
