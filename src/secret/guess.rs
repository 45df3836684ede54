//! What may be a secret in a piece of text: broader than what is reported, because a value that is
//! hidden needlessly costs little.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{normalized, quoted, secret_in};

/// Where a text comes from, which says what its signs mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A value, or words of a message.
    Text,
    /// A line of YAML.
    Line,
    /// A line of a file that is no YAML: `*x` is no alias there, and `!x` no tag.
    Refused,
}

/// What was found in a text.
#[derive(Debug, Default)]
pub(crate) struct Guess {
    /// In order, without overlap.
    pub(crate) ranges: Vec<Range<usize>>,
    /// The quote that the last of them lacks at its end.
    pub(crate) unclosed: Option<char>,
}

/// Words in a name that say that its value had better not be shown; between letters only those that
/// mean nothing else.
static SOUNDS_SECRET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)(?:^|[^a-z])(?:pass|pwd|pw|secret|token|api[_-]?key|(?:private|access|secret|auth|signing|encryption)[_-]?key",
        r"|credential|cred|authorization|(?:basic|http|proxy)[_-]?auth)s?(?:$|[^a-z])",
        r"|(?:password|passwd|passphrase|passcode)s?(?:$|[^a-z])",
    ))
    .ok()
});

/// What comes after a secret's name: a colon or an equals sign, and maybe a quote.
static ASSIGNED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?P<name>[A-Za-z_][A-Za-z0-9_.-]*)(?:\\?["'])?[ \t]*(?P<sign>=>|[:=])[ \t]*"#).ok()
});

/// A flag and what parts it from its value: blanks, line breaks, or the comma of a list.
static FLAG: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?:^|[^A-Za-z0-9_-])--?(?P<name>[A-Za-z][A-Za-z0-9_-]*)(?:(?P<comma>(?:\\?["'])?[ \t]*,\s*)|(?:\\\r?\n|\s)+)"#,
    )
    .ok()
});

/// The token of a request.
static BEARER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\bbearer\s+(?P<token>[A-Za-z0-9._~+/=-]{8,})").ok());

/// A tag or an anchor before a value.
static PROPERTY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^(?:(?:&\S+|!\S*)[ \t]+)+").ok());

/// Tags that YAML itself defines, and anchors.
static KNOWN_PROPERTY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?:(?:&\S+|!!\S*)[ \t]+)+").ok());

/// Whether a value under this name had better not be shown.
pub(crate) fn sounds_secret(name: &str) -> bool {
    if !may_hide(name) {
        return false;
    }
    let name = normalized(name);
    let matches = |regex: &LazyLock<Option<Regex>>| regex.as_ref().is_some_and(|r| r.is_match(&name));
    matches(&SOUNDS_SECRET) && !matches(&super::HARMLESS_NAME)
}

/// Whether the text holds anything that a secret cannot do without: most texts do not, and then no
/// pattern needs to be run.
pub(crate) fn may_hide(text: &str) -> bool {
    const PARTS: [&[u8]; 8] = [b"pass", b"pwd", b"pw", b"secret", b"token", b"key", b"cred", b"auth"];
    let bytes = text.as_bytes();
    let begins = |rest: &[u8], part: &[u8]| {
        rest.get(..part.len()).is_some_and(|start| start.eq_ignore_ascii_case(part))
    };
    (0..bytes.len()).any(|at| {
        let rest = bytes.get(at..).unwrap_or_default();
        match rest.first() {
            Some(b'p' | b'P' | b's' | b'S' | b't' | b'T' | b'k' | b'K' | b'c' | b'C' | b'a' | b'A') => {
                PARTS.iter().any(|part| begins(rest, part)) || super::has_value_start(rest)
            }
            Some(b'b' | b'B') => begins(rest, b"bearer"),
            Some(b'-') => begins(rest, b"-u") || super::has_value_start(rest),
            Some(b'x' | b'g' | b'e' | b':') => super::has_value_start(rest),
            _ => false,
        }
    })
}

/// Where in `text` secrets may stand. Linear in its length.
pub(crate) fn secrets_in(text: &str, form: Form) -> Guess {
    let mut guess = Guess::default();
    if !may_hide(text) {
        return guess;
    }
    known_values(text, &mut guess.ranges);
    passwords_of_addresses(text, &mut guess.ranges);
    private_keys(text, &mut guess.ranges);
    if let Some(bearer) = BEARER.as_ref() {
        guess.ranges.extend(bearer.captures_iter(text).filter_map(|c| Some(c.name("token")?.range())));
    }
    assigned(text, form, &mut guess);
    flags(text, form, &mut guess.ranges);
    guess.ranges = united(guess.ranges);
    guess
}

/// Where in `text` something stands that is a secret whatever it is called.
pub(super) fn known_in(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    known_values(text, &mut found);
    passwords_of_addresses(text, &mut found);
    private_keys(text, &mut found);
    united(found)
}

/// The ranges in order, those that meet made one.
pub(crate) fn united(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| range.start);
    let mut united: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match united.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ if range.is_empty() => {}
            _ => united.push(range),
        }
    }
    united
}

/// Values that are secrets whatever they are called.
fn known_values(text: &str, found: &mut Vec<Range<usize>>) {
    let mut from = 0;
    while let Some(range) = text.get(from..).and_then(secret_in) {
        let range = from + range.start..from + range.end;
        from = range.end.max(from + 1);
        while !text.is_char_boundary(from) {
            from += 1;
        }
        found.push(range);
    }
}

/// The password of `scheme://user:password@host`, in which the password may hold `@` and `/`.
fn passwords_of_addresses(text: &str, found: &mut Vec<Range<usize>>) {
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("://")) {
        let start = from + at + 3;
        let rest = text.get(start..).unwrap_or("");
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>'));
        let run = rest.get(..end.unwrap_or(rest.len())).unwrap_or("");
        from = start + run.len();
        let Some(user) = run.rfind('@').and_then(|at| run.get(..at)) else { continue };
        let Some((name, password)) = user.split_once(':') else { continue };
        if !is_harmless(password, Form::Text) || password.bytes().all(|b| b.is_ascii_digit()) {
            let start = start + name.len() + 1;
            found.push(start..start + password.len());
        }
    }
}

/// A private key, from its first line to its last or the end of the text.
fn private_keys(text: &str, found: &mut Vec<Range<usize>>) {
    const MARK: &str = "PRIVATE KEY-----";
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find(MARK)).map(|at| from + at + MARK.len())
    {
        let end = text.get(start..).and_then(|rest| rest.find("-----END"));
        let end = end.map_or(text.len(), |end| start + end);
        found.push(start..end);
        // The last line bears the mark, too.
        from =
            text.get(end..).and_then(|rest| rest.find(MARK)).map_or(text.len(), |at| end + at + MARK.len());
    }
}

/// Values of `name: value` and `name=value`.
fn assigned(text: &str, form: Form, guess: &mut Guess) {
    let Some(regex) = ASSIGNED.as_ref() else { return };
    let mut from = 0;
    let mut line = Line::default();
    while let Some(found) = regex.captures_at(text, from) {
        let (Some(name), Some(whole)) = (found.name("name"), found.get(0)) else { break };
        from = name.end();
        if !sounds_secret(name.as_str()) {
            continue;
        }
        let is_colon = found.name("sign").is_some_and(|sign| sign.as_str() == ":");
        let rest = text.get(whole.end()..).unwrap_or("");
        let is_block = is_colon && line.begins_with(text, name.start());
        let skipped = if is_colon { property(rest, form) } else { 0 };
        let (start, rest) = (whole.end() + skipped, rest.get(skipped..).unwrap_or(""));
        if form != Form::Text && rest.starts_with(['{', '[']) {
            continue;
        }
        let value = Extent::of(rest, is_colon, is_block);
        from = (start + value.end).max(from);
        let inside = rest.get(value.inside.clone()).unwrap_or("");
        let is_none = value.tail.is_empty() && is_harmless(inside, form);
        if is_none || (!is_colon && is_comparison(&found, inside)) {
            continue;
        }
        guess.unclosed = value.unclosed.filter(|_| start + value.end == text.len());
        guess.ranges.extend([value.inside, value.tail].map(|range| start + range.start..start + range.end));
    }
}

/// `==` compares.
fn is_comparison(found: &Captures<'_>, value: &str) -> bool {
    found.name("sign").is_some_and(|sign| sign.as_str() == "=") && value.starts_with('=')
}

/// The length of tags and anchors before a value.
fn property(rest: &str, form: Form) -> usize {
    let regex = if form == Form::Refused { &KNOWN_PROPERTY } else { &PROPERTY };
    regex.as_ref().and_then(|regex| regex.find(rest)).map_or(0, |found| found.end())
}

/// How far the value at the start of a text goes.
#[derive(Default)]
struct Extent {
    /// Without quotes.
    inside: Range<usize>,
    /// What follows the closing quote and is meant to belong to the value.
    tail: Range<usize>,
    /// With quotes.
    end: usize,
    /// The quote that it lacks at its end.
    unclosed: Option<char>,
}

impl Extent {
    /// Of the value of an assignment; of a word, without a colon. It must not look further than the value
    /// goes, since one line may hold any number of them.
    fn of(rest: &str, is_colon: bool, is_block: bool) -> Self {
        for escaped in ["\\\"", "\\'"] {
            if let Some(inside) = rest.strip_prefix(escaped) {
                let length = inside.find(escaped).unwrap_or(inside.len());
                let end = 2 + length;
                return Self { inside: 2..end, end: (end + 2).min(rest.len()), ..Self::default() };
            }
        }
        if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            return Self::quoted(rest, quote, is_block);
        }
        let is_end = |c: char| match c {
            '\n' | '\r' => true,
            ',' | '}' | ']' => is_colon && !is_block,
            '"' | '\'' => !is_block,
            _ => !is_colon && c.is_whitespace(),
        };
        let mut value = rest.get(..rest.find(is_end).unwrap_or(rest.len())).unwrap_or("");
        if is_block {
            value = value.split(" #").next().unwrap_or("");
        }
        let end = value.trim_end().len();
        Self { inside: 0..end, end, ..Self::default() }
    }

    fn quoted(rest: &str, quote: char, is_block: bool) -> Self {
        let inside = rest.get(1..).unwrap_or("");
        let value = quoted(inside, quote);
        if value.len() == inside.len() {
            return Self { inside: 1..rest.len(), end: rest.len(), unclosed: Some(quote), ..Self::default() };
        }
        let end = value.len() + 2;
        let mut tail = "";
        if is_block {
            let line = rest.get(end..).unwrap_or("").split(['\n', '\r']).next().unwrap_or("");
            tail = line.split(" #").next().unwrap_or("").trim_end();
        }
        Self { inside: 1..end - 1, tail: end..end + tail.len(), end: end + tail.len(), unclosed: None }
    }
}

/// Values of `--flag value` and `[--flag, value]`, and the password of `-u user:password`.
fn flags(text: &str, form: Form, found: &mut Vec<Range<usize>>) {
    let Some(regex) = FLAG.as_ref() else { return };
    let mut from = 0;
    while let Some(flag) = regex.captures_at(text, from) {
        let (Some(name), Some(whole)) = (flag.name("name"), flag.get(0)) else { break };
        from = name.end();
        let is_user = is_user_flag(name.as_str());
        if !is_user && !sounds_secret(name.as_str()) {
            continue;
        }
        let rest = text.get(whole.end()..).unwrap_or("");
        if rest.starts_with('-') {
            continue;
        }
        let is_item = flag.name("comma").is_some() && !rest.starts_with(['"', '\'', '\\']);
        let value = if is_item {
            let item = rest.split([',', ']', '\n', '"', '\'']).next().unwrap_or("").trim_end();
            Extent { inside: 0..item.len(), end: item.len(), ..Extent::default() }
        } else {
            Extent::of(rest, false, false)
        };
        from = (whole.end() + value.end).max(from);
        let inside = rest.get(value.inside.clone()).unwrap_or("");
        let skipped = if is_user { inside.find(':').map(|at| at + 1) } else { Some(0) };
        let Some(skipped) = skipped else { continue };
        if !is_harmless(inside.get(skipped..).unwrap_or(""), form) {
            let start = whole.end() + value.inside.start + skipped;
            found.push(start..whole.end() + value.inside.end);
        }
    }
}

/// Whether what follows the flag is or holds a secret.
pub(crate) fn takes_secret(flag: &str) -> bool {
    !flag.contains('=') && (is_user_flag(flag) || sounds_secret(flag))
}

/// Whether the flag of this name takes `user:password`.
pub(crate) fn is_user_flag(name: &str) -> bool {
    matches!(name.trim_start_matches('-'), "u" | "user" | "proxy-user")
}

/// Whether a value under a secret's name is none: empty, a variable, a path, a word of YAML, a very
/// short number.
pub(crate) fn is_harmless(value: &str, form: Form) -> bool {
    let value = value.trim();
    let inside = value.trim_matches(['"', '\'', '\\']);
    let Some(first) = inside.chars().next() else { return true };
    let is_name =
        |text: &str| text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    match first {
        '$' => {
            let rest = inside.get(1..).unwrap_or("");
            rest.starts_with('(') || is_name(rest) || (rest.starts_with('{') && rest.ends_with('}'))
        }
        '/' => inside.get(1..).is_some_and(|rest| rest.contains('/')),
        '~' => inside.len() == 1 || inside.starts_with("~/"),
        '<' => inside.ends_with('>'),
        '{' => inside.ends_with('}'),
        '*' | '&' => form != Form::Refused && !inside.contains(char::is_whitespace),
        '|' | '>' if form != Form::Text => inside
            .split('#')
            .next()
            .unwrap_or("")
            .trim_end()
            .bytes()
            .skip(1)
            .all(|b| matches!(b, b'-' | b'+') || b.is_ascii_digit()),
        '0'..='9' => inside.len() <= 3 && inside.bytes().all(|b| b.is_ascii_digit() || b == b'.'),
        _ => ["true", "false", "yes", "no", "on", "off", "null", "none"]
            .iter()
            .any(|word| inside.eq_ignore_ascii_case(word)),
    }
}

/// Finds out whether names begin their line, for names in order of place.
#[derive(Default)]
struct Line {
    /// All before is known.
    at: usize,
    /// Whether only signs that can stand before a key stand between the last line break and `at`.
    is_begin: Option<bool>,
}

impl Line {
    fn begins_with(&mut self, text: &str, name: usize) -> bool {
        let between = text.get(self.at..name).unwrap_or("");
        let (is_begin, rest) = match between.rfind(['\n', '\r']) {
            Some(at) => (true, between.get(at + 1..).unwrap_or("")),
            None => (self.is_begin.unwrap_or(true), between),
        };
        let begins = is_begin && rest.trim_start_matches([' ', '\t', '-', '?', '"', '\'', '#']).is_empty();
        self.at = name;
        // The name itself stands before all that follows.
        self.is_begin = Some(false);
        begins
    }
}
