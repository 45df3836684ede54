//! Every pattern of this module, compiled in one place. A pattern that does not compile hides nothing, so the program
//! stops rather than go on without it; a test compiles all of them.

use std::ops::Deref;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::Regex;

/// A pattern, compiled when it is first needed.
pub(super) struct Pattern {
    text: &'static str,
    /// Whether it has to match at the start of the text.
    is_anchored: bool,
    compiled: OnceLock<Regex>,
}

impl Pattern {
    const fn new(text: &'static str) -> Self {
        Self { text, is_anchored: false, compiled: OnceLock::new() }
    }

    /// One that matches at the start of a text only.
    pub(super) const fn anchored(text: &'static str) -> Self {
        Self { text, is_anchored: true, compiled: OnceLock::new() }
    }
}

impl Deref for Pattern {
    type Target = Regex;

    fn deref(&self) -> &Regex {
        self.compiled.get_or_init(|| {
            let (start, end) = if self.is_anchored { ("^(?:", ")") } else { ("", "") };
            sound(Regex::new(&format!("{start}{}{end}", self.text)))
        })
    }
}

/// Finds all of the words at once, the longest at a place.
pub(super) fn compile_words(words: impl Iterator<Item = &'static str>) -> AhoCorasick {
    let mut builder = AhoCorasick::builder();
    // Every text of a tree is searched: the fastest kind, which the few words that we have can afford.
    builder.kind(Some(AhoCorasickKind::DFA));
    sound(builder.match_kind(MatchKind::LeftmostLongest).build(words))
}

/// Finds all of the words in any case, those within others as well.
pub(super) fn compile_all_words(words: Vec<&'static str>) -> AhoCorasick {
    let mut builder = AhoCorasick::builder();
    sound(builder.kind(Some(AhoCorasickKind::DFA)).ascii_case_insensitive(true).build(words))
}

/// What was compiled, which is ours.
#[expect(
    clippy::panic,
    reason = "a broken pattern of ours must not let secrets through; no input can break one"
)]
fn sound<T, E: std::fmt::Display>(compiled: Result<T, E>) -> T {
    match compiled {
        Ok(compiled) => compiled,
        Err(error) => panic!("a pattern of secrets is broken: {error}"),
    }
}

macro_rules! patterns {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)*) => {
        $($(#[$doc])* pub(super) static $name: Pattern = Pattern::new($text);)*

        /// All of them, by name.
        #[cfg(test)]
        static ALL: &[(&str, &Pattern)] = &[$((stringify!($name), &$name)),*];
    };
}

patterns! {
    /// What comes after a secret's name: a colon or an equals sign, and maybe a quote.
    ASSIGNED = r#"(?P<name>[A-Za-z_][A-Za-z0-9_.-]*)(?:\\?["'])?[ \t]*(?P<sign>=>|[:=])[ \t]*"#;
    /// A flag and what parts it from its value: spaces, line breaks, or the comma of a list.
    FLAG = concat!(
        r#"(?:^|[^A-Za-z0-9_-])--?(?P<name>[A-Za-z][A-Za-z0-9_-]*)"#,
        r#"(?:(?P<comma>(?:\\?["'])?[ \t]*,\s*)|(?:\\?["'])?(?:\\\r?\n|\s)+)"#,
    );
    /// A program is told a value by its name: `aws configure set aws_secret_access_key X`.
    SET = r#"(?:^|[\s"'])(?:set|put|setenv)(?:\s+-[A-Za-z]+)?\s+["']?(?P<name>[A-Za-z0-9_./:@-]+)["']?\s+"#;
    /// The token of a request.
    BEARER = r"(?i)\bbearer\s+(?P<token>[A-Za-z0-9._~+/=-]{8,})";
    /// User and password of a request, in base64.
    BASIC = r"(?i)\bbasic\s+(?P<token>[A-Za-z0-9+/_-]{6,}={0,2})";
    /// The password of a URL.
    ADDRESS = r"\b[a-z][a-z0-9+.-]*://[^/\s:@$]*:(?P<password>[^/\s:@$]+)@";
    /// The password of a Go driver's data source: `user:password@tcp(host)/database`.
    DATA_SOURCE = r#"[^\s:@/"'=]+:(?P<password>[^\s"']+)@(?:tcp[46]?|udp|unix|cloudsql)\("#;
    /// The password of Oracle's driver in Java: `jdbc:oracle:thin:user/password@host`.
    ORACLE = r#"(?i)\bjdbc:oracle:[a-z0-9]+:[^\s/@"':]+/(?P<password>[^\s"']+)@"#;
    /// The password of a user of a database, as SQL sets it.
    SQL = concat!(
        r"(?i)\b(?:password(?:\s+for\s+\S+)?|identified\s+(?:with\s+\S+\s+)?(?:by|as)(?:\s+password)?)",
        r"(?:\s*=\s*|\s*\(\s*|\s+)(?:password\s*\(\s*)?",
        r#"\\{0,2}(?:''|["'])(?P<password>[^"'\\\n]+)(?:''|["'\\\n]|$)"#,
    );
    /// The start of a statement that sets one.
    SQL_STATEMENT = r"(?i)\b(?:create|alter|set|grant|identified)\s";
    /// A bot of Telegram (gitleaks `telegram-bot-api-token`, detect-secrets `telegram_token`).
    TELEGRAM = r"(?-u:\b)(?P<token>[0-9]{6,16}:[0-9A-Za-z_-]{35})(?-u:\b)";
    /// A client of Azure Active Directory (gitleaks `azure-ad-client-secret`).
    AZURE = r"(?P<token>[0-9A-Za-z_~.]{3}[0-9]Q~[0-9A-Za-z_~.-]{31,34})";
    /// A tag or an anchor before a value.
    PROPERTY = r"^(?:(?:&\S+|!\S*)[ \t]+)+";
    /// Tags that YAML itself defines, and anchors.
    KNOWN_PROPERTY = r"^(?:(?:&\S+|!!\S*)[ \t]+)+";
    /// A name with nothing after its colon, in a mapping in braces.
    OPEN_IN_BRACES = r#"[{,]\s*["']?(?P<name>[A-Za-z_][A-Za-z0-9_.-]*)["']?\s*:\s*$"#;
    /// A flag at the end of a line.
    FLAG_AT_END = r#"(?:^|[\s"'\[,])--?(?P<name>[A-Za-z][A-Za-z0-9_-]*)["']?\s*[,\\]?\s*$"#;
    /// A key at the start of a line, after the dashes of lists.
    KEY = r#"^(?P<before>[\s-]*)(?P<question>\?\s+)?["']?(?P<name>[A-Za-z_][A-Za-z0-9_.-]*)["']?\s*(?P<colon>:)?"#;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        for (name, pattern) in ALL {
            assert!(Regex::new(pattern.text).is_ok(), "{name}");
        }
        for token in &super::super::tokens::TOKENS {
            assert!(token.rest.is_match(token.example), "{}", token.start);
        }
    }
}
