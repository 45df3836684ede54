//! What may be a secret in a piece of text: broader than what is reported, because a value that is
//! hidden needlessly costs little.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Captures;

use super::harmless::is_harmless;
use super::names::{Tells, tells};
use super::patterns::{self, Pattern};
use super::{commands, forms, is_placeholder, programs, tokens};
use crate::yaml::decode_base64;

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

/// Whether a value under this name had better not be shown.
pub(crate) fn sounds_secret(name: &str) -> bool {
    tells(name) >= Tells::Hidden
}

/// Where a text has the first of what a secret cannot do without, by kinds: most texts have none, and then no
/// pattern needs to be run. Nothing of it goes beyond the end of a line.
pub(super) const HINTS: [fn(&str) -> Option<usize>; 3] =
    [Hints::first, tokens::first_start, forms::first_run];

/// Which words a text has that kinds of secrets cannot do without, as bits.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Hints(u8);

impl Hints {
    /// Parts of names; what `names` knows has one of them.
    const NAME: Hints = Hints(1);
    const ADDRESS: Hints = Hints(2);
    const DATA_SOURCE: Hints = Hints(4);
    const REQUEST: Hints = Hints(8);
    const SQL: Hints = Hints(16);
    const USER: Hints = Hints(32);
    const PROGRAM: Hints = Hints(64);

    const WORDS: [(&str, Hints); 31] = [
        ("pass", Hints(Self::NAME.0 | Self::SQL.0)),
        ("pwd", Self::NAME),
        ("pw", Self::NAME),
        ("secret", Self::NAME),
        ("token", Self::NAME),
        ("key", Self::NAME),
        ("cred", Self::NAME),
        ("auth", Self::NAME),
        ("cookie", Self::NAME),
        ("salt", Self::NAME),
        ("hmac", Self::NAME),
        ("kennwort", Self::NAME),
        ("pepper", Self::NAME),
        ("mnemonic", Self::NAME),
        ("dsn", Self::NAME),
        ("otp", Self::NAME),
        ("pat", Self::NAME),
        ("sas", Self::NAME),
        ("sig", Self::NAME),
        ("jwt", Self::NAME),
        ("bearer", Hints(Self::NAME.0 | Self::REQUEST.0)),
        ("basic", Self::REQUEST),
        ("://", Self::ADDRESS),
        ("@tcp", Self::DATA_SOURCE),
        ("@udp", Self::DATA_SOURCE),
        ("@unix", Self::DATA_SOURCE),
        ("@cloudsql", Self::DATA_SOURCE),
        ("jdbc:oracle", Self::DATA_SOURCE),
        ("-u", Self::USER),
        ("-login", Self::USER),
        ("identified", Self::SQL),
    ];

    fn finder() -> &'static (AhoCorasick, Vec<Hints>) {
        static FINDER: LazyLock<(AhoCorasick, Vec<Hints>)> = LazyLock::new(|| {
            let programs = programs::words_to_look_for().map(|word| (word, Hints::PROGRAM));
            let (words, hints): (Vec<&str>, Vec<Hints>) = Hints::WORDS.into_iter().chain(programs).unzip();
            (patterns::compile_all_words(words), hints)
        });
        &FINDER
    }

    /// Those of a text.
    fn of(text: &str) -> Self {
        let (finder, hints) = Self::finder();
        let found = finder.find_overlapping_iter(text);
        let bits = found.filter_map(|found| hints.get(found.pattern().as_usize()));
        bits.fold(Hints(0), |all, hint| Hints(all.0 | hint.0))
    }

    /// Where a text has the first.
    fn first(text: &str) -> Option<usize> {
        Self::finder().0.find(text).map(|found| found.start())
    }

    const fn has(self, hint: Hints) -> bool {
        self.0 & hint.0 != 0
    }
}

/// Where in `text` secrets may stand. Linear in its length.
pub(crate) fn secrets_in(text: &str, form: Form) -> Guess {
    Search { text, form, least: Tells::Hidden }.all()
}

/// Where in `text` secrets stand that are worth a finding.
pub(super) fn reported_in(text: &str) -> Vec<Range<usize>> {
    let mut found = Search { text, form: Form::Text, least: Tells::Secret }.all().ranges;
    found.retain(|range| !text.get(range.clone()).is_none_or(is_placeholder));
    found
}

/// Whether `text` holds something that is a secret whatever it is called, and worth a finding.
pub(super) fn reports_known(text: &str) -> bool {
    let mut found = Vec::new();
    Search { text, form: Form::Text, least: Tells::Secret }.known(Hints::of(text), &mut found);
    found.into_iter().any(|range| !text.get(range).is_none_or(is_placeholder))
}

/// Where in `text` something stands that is a secret whatever it is called.
pub(super) fn known_in(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    Search { text, form: Form::Text, least: Tells::Hidden }.known(Hints::of(text), &mut found);
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

/// A search in one text.
#[derive(Clone, Copy)]
struct Search<'t> {
    text: &'t str,
    form: Form,
    /// What a name has to tell.
    least: Tells,
}

impl<'t> Search<'t> {
    fn all(self) -> Guess {
        let mut guess = Guess::default();
        let hints = Hints::of(self.text);
        self.known(hints, &mut guess.ranges);
        if (hints.has(Hints::NAME) || hints.has(Hints::USER)) && self.names_any() {
            self.assigned(&mut guess);
            self.flags(&mut guess.ranges);
            self.set(&mut guess.ranges);
        }
        if hints.has(Hints::PROGRAM) {
            guess.ranges.extend(commands::secrets_in(self.text, self.form));
        }
        guess.ranges = united(guess.ranges);
        guess
    }

    /// Whether the name tells enough.
    fn tells(self, name: &str) -> bool {
        tells(name) >= self.least
    }

    /// Whether the text has a name that tells enough, or that of a flag for a login: without one, there is no need to
    /// look for what follows it.
    fn names_any(self) -> bool {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        let is_long_part = |c: char| is_part(c) || matches!(c, '/' | ':' | '@');
        let mut long_names = self.text.split(|c| !is_long_part(c));
        // A name of `SET` may be of several others: `api/key`.
        long_names.any(|long| {
            let mut names = long.split(|c| !is_part(c));
            names.any(|name| self.tells(name) || is_user_flag(name)) || self.tells(long)
        })
    }

    fn after(self, at: usize) -> &'t str {
        self.text.get(at..).unwrap_or("")
    }

    /// Values that are secrets whatever they are called.
    fn known(self, hints: Hints, found: &mut Vec<Range<usize>>) {
        found.extend(tokens::find(self.text));
        let mut passwords = |pattern: &'static Pattern| {
            let passwords = pattern.captures_iter(self.text).filter_map(|found| found.name("password"));
            let passwords = passwords.filter(|password| !is_harmless(password.as_str(), Form::Text));
            found.extend(passwords.map(|password| password.range()));
        };
        if hints.has(Hints::ADDRESS) {
            passwords(&patterns::ADDRESS);
        }
        if hints.has(Hints::DATA_SOURCE) {
            passwords(&patterns::DATA_SOURCE);
            passwords(&patterns::ORACLE);
        }
        // In prose a password in quotes may be a word about one.
        let is_sql = || self.least == Tells::Hidden || patterns::SQL_STATEMENT.is_match(self.text);
        if hints.has(Hints::SQL) && is_sql() {
            passwords(&patterns::SQL);
        }
        if hints.has(Hints::NAME) {
            self.private_keys(found);
        }
        let tokens = |pattern: &'static Pattern| {
            pattern.captures_iter(self.text).filter_map(|found| Some(found.name("token")?.range()))
        };
        if hints.has(Hints::REQUEST) {
            let is_login = |range: &Range<usize>| is_login(self.text.get(range.clone()).unwrap_or(""));
            found.extend(tokens(&patterns::BASIC).filter(is_login));
        }
        if self.least == Tells::Hidden {
            if hints.has(Hints::REQUEST) {
                found.extend(tokens(&patterns::BEARER));
            }
            forms::find(self.text, found);
            if hints.has(Hints::ADDRESS) {
                self.logins_of_addresses(found);
            }
        }
    }

    /// The password of `scheme://user:password@host`, in which the password may hold `@` and `/`, and the token of
    /// `https://token@host`.
    fn logins_of_addresses(self, found: &mut Vec<Range<usize>>) {
        let mut from = 0;
        while let Some(at) = self.after(from).find("://") {
            let scheme = self.text.get(from..from + at).unwrap_or("");
            let start = from + at + 3;
            let rest = self.after(start);
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>'));
            let run = rest.get(..end.unwrap_or(rest.len())).unwrap_or("");
            from = start + run.len();
            let Some(user) = run.rfind('@').and_then(|at| run.get(..at)) else { continue };
            match user.split_once(':') {
                Some((name, password))
                    if !is_harmless(password, Form::Text) || password.bytes().all(|b| b.is_ascii_digit()) =>
                {
                    let start = start + name.len() + 1;
                    found.push(start..start + password.len());
                }
                None if may_be_token(scheme, user) => found.push(start..start + user.len()),
                Some(_) | None => {}
            }
        }
    }

    /// A private key, from its first line to its last or the end of the text.
    fn private_keys(self, found: &mut Vec<Range<usize>>) {
        const MARK: &str = "PRIVATE KEY";
        let mut from = 0;
        while let Some(at) = self.after(from).find(MARK) {
            let start = from + at + MARK.len();
            from = start;
            let ends_line = self.after(start).trim_start_matches(" BLOCK").starts_with("-----");
            if !ends_line {
                continue;
            }
            let end = self.after(start).find("-----END").map_or(self.text.len(), |end| start + end);
            found.push(start..end);
            // The last line bears the mark, too.
            from = self.after(end).find(MARK).map_or(self.text.len(), |at| end + at + MARK.len());
        }
        // PuTTY's has no last line.
        if let Some(start) = self.text.find("PuTTY-User-Key-File-") {
            found.push(start..self.text.len());
        }
    }

    /// Values of `name: value` and `name=value`.
    fn assigned(self, guess: &mut Guess) {
        let mut from = 0;
        let mut line = Line::default();
        while let Some(found) = patterns::ASSIGNED.captures_at(self.text, from) {
            let (Some(name), Some(whole)) = (found.name("name"), found.get(0)) else { break };
            from = name.end();
            let is_user = self.is_user(name.start(), name.as_str());
            if !is_user && !self.tells(name.as_str()) {
                continue;
            }
            let is_colon = found.name("sign").is_some_and(|sign| sign.as_str() == ":");
            let rest = self.after(whole.end());
            let is_block = is_colon && line.begins_with(self.text, name.start());
            let skipped = if is_colon { property(rest, self.form) } else { 0 };
            let (start, rest) = (whole.end() + skipped, rest.get(skipped..).unwrap_or(""));
            if self.form != Form::Text && rest.starts_with(['{', '[']) {
                continue;
            }
            let value = Extent::of(rest, is_colon, is_block);
            from = (start + value.end).max(from);
            let inside = rest.get(value.inside.clone()).unwrap_or("");
            if is_user {
                found_login(inside, self.form, start + value.inside.start, &mut guess.ranges);
                continue;
            }
            let is_none = value.tail.is_empty() && is_harmless(inside, self.form);
            if is_none || (!is_colon && is_comparison(&found, inside)) {
                continue;
            }
            guess.unclosed = value.unclosed.filter(|_| start + value.end == self.text.len());
            guess
                .ranges
                .extend([value.inside, value.tail].map(|range| start + range.start..start + range.end));
        }
    }

    /// Whether the name at this place is that of `--user=user:password`.
    fn is_user(self, at: usize, name: &str) -> bool {
        self.least == Tells::Hidden
            && is_user_flag(name)
            && self.text.get(..at).is_some_and(|before| before.ends_with('-'))
    }

    /// Values of `--flag value` and `[--flag, value]`, and the password of `-u user:password`.
    fn flags(self, found: &mut Vec<Range<usize>>) {
        let mut from = 0;
        while let Some(flag) = patterns::FLAG.captures_at(self.text, from) {
            let (Some(name), Some(whole)) = (flag.name("name"), flag.get(0)) else { break };
            from = name.end();
            // What is not `curl` may mean something else by it.
            let is_user = self.least == Tells::Hidden && is_user_flag(name.as_str());
            if !is_user && !self.tells(name.as_str()) {
                continue;
            }
            let rest = self.after(whole.end());
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
            let start = whole.end() + value.inside.start;
            if is_user {
                found_login(inside, self.form, start, found);
            } else if !is_harmless(inside, self.form) {
                found.push(start..whole.end() + value.inside.end);
            }
        }
    }

    /// Values of `set name value`.
    fn set(self, found: &mut Vec<Range<usize>>) {
        /// Shorter words are prose: set the token in the console.
        const SHORTEST_WORD: usize = 8;
        for set in patterns::SET.captures_iter(self.text) {
            let (Some(name), Some(whole)) = (set.name("name"), set.get(0)) else { continue };
            if !self.tells(name.as_str()) {
                continue;
            }
            let rest = self.after(whole.end());
            let value = Extent::of(rest, false, false).inside;
            let inside = rest.get(value.clone()).unwrap_or("");
            let is_word = inside.len() < SHORTEST_WORD && inside.bytes().all(|b| b.is_ascii_lowercase());
            if !is_word && !inside.starts_with('-') && !is_harmless(inside, self.form) {
                found.push(whole.end() + value.start..whole.end() + value.end);
            }
        }
    }
}

/// Adds the password of `user:password`, which stands at `start`.
fn found_login(login: &str, form: Form, start: usize, found: &mut Vec<Range<usize>>) {
    let password = password_of(login).filter(|password| !is_harmless(password, form));
    found.extend(password.map(|password| start + login.len() - password.len()..start + login.len()));
}

/// The password of `user:password`; none where both are numbers, those of a user and a group.
pub(super) fn password_of(login: &str) -> Option<&str> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (user, password) = login.split_once(':')?;
    (!is_number(user) || !is_number(password)).then_some(password)
}

/// Whether what follows `Basic` is a login in base64 rather than prose.
fn is_login(token: &str) -> bool {
    let is_prose = token.bytes().skip(1).all(|b| b.is_ascii_lowercase())
        || token.bytes().all(|b| b.is_ascii_uppercase());
    let is_text = |bytes: Vec<u8>| bytes.contains(&b':') && bytes.iter().all(|b| (b' '..=b'~').contains(b));
    !is_prose || decode_base64(token).is_ok_and(is_text)
}

/// Whether what stands before the `@` of an address is a token rather than the name of a user.
fn may_be_token(scheme: &str, user: &str) -> bool {
    const NAMES: [&str; 4] = ["git", "user", "username", "anonymous"];
    if user.contains('/') || is_harmless(user, Form::Text) || NAMES.contains(&user) {
        return false;
    }
    let is_web = ["http", "https"].iter().any(|web| {
        scheme.len() >= web.len()
            && scheme.get(scheme.len() - web.len()..).is_some_and(|end| end.eq_ignore_ascii_case(web))
    });
    let is_long = user.len() >= 16 && user.bytes().any(|b| b.is_ascii_digit());
    is_web || is_long
}

/// `==` compares.
fn is_comparison(found: &Captures<'_>, value: &str) -> bool {
    found.name("sign").is_some_and(|sign| sign.as_str() == "=") && value.starts_with('=')
}

/// The length of tags and anchors before a value.
fn property(rest: &str, form: Form) -> usize {
    let regex = if form == Form::Refused { &patterns::KNOWN_PROPERTY } else { &patterns::PROPERTY };
    regex.find(rest).map_or(0, |found| found.end())
}

/// The value at the start of `rest` up to its closing quote, or all of it.
pub(super) fn quoted(rest: &str, quote: char) -> &str {
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

/// How far the value at the start of a text goes.
#[derive(Default)]
pub(super) struct Extent {
    /// Without quotes.
    pub(super) inside: Range<usize>,
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
    pub(super) fn of(rest: &str, is_colon: bool, is_block: bool) -> Self {
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

/// Whether what follows the flag is or holds a secret.
pub(crate) fn takes_secret(flag: &str) -> bool {
    !flag.contains('=') && (is_user_flag(flag) || sounds_secret(flag))
}

/// Whether the flag of this name takes `user:password`.
pub(crate) fn is_user_flag(name: &str) -> bool {
    matches!(
        name.trim_start_matches('-'),
        "u" | "user" | "proxy-user" | "http-user" | "basic-auth" | "proxy-auth" | "login" | "userpass"
    )
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
