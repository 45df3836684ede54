//! Text that goes into HAProxy's configuration, where a blank ends a word, `#` a line's meaning and
//! a newline the line.

use std::borrow::Cow;

use crate::text::is_hidden;

/// Whether HAProxy takes it as the name of a section or a server.
pub(super) fn is_proxy_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
}

/// Whether it is a token of RFC 7230, which names of headers are.
pub(super) fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Whether a header can have that value: one line of characters that can be seen.
pub(super) fn is_header_value(value: &str) -> bool {
    !value.chars().any(|c| c.is_control() || is_hidden(c))
}

/// Whether it is a time as HAProxy has it: digits, maybe with a unit.
pub(super) fn is_time(text: &str) -> bool {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let unit = text.get(digits..).unwrap_or("");
    (1..=9).contains(&digits) && matches!(unit, "" | "us" | "ms" | "s" | "m" | "h" | "d")
}

/// One word of a line: in quotes if it has to be.
pub(super) fn word(text: &str) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/=?&%@+~,;!^*|()[]<>".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        // Inside double quotes these three still mean something.
        if matches!(c, '"' | '\\' | '$') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    Cow::Owned(quoted)
}

/// One word whose `%` would start a variable: the format of a log line or a header.
pub(super) fn format_word(text: &str) -> String {
    word(&text.replace('%', "%%")).into_owned()
}

/// One word as it was written in 2017, before there were quotes.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, ' ' | '#' | '\\' | '"' | '\'') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_they_must() {
        for (text, expected) in [
            ("ro", "ro"),
            ("/status?full=0", "/status?full=0"),
            ("", "\"\""),
            ("a b", "\"a b\""),
            ("a#b", "\"a#b\""),
            ("${HOME}", "\"\\${HOME}\""),
            ("it's \"so\" \\", "\"it's \\\"so\\\" \\\\\""),
            ("größe", "\"größe\""),
        ] {
            assert_eq!(word(text), expected);
        }
        assert_eq!(format_word("100%"), "100%%");
        assert_eq!(format_word("%[src] x"), "\"%%[src] x\"");
        assert_eq!(escaped("a b#c\\"), "a\\ b\\#c\\\\");
    }

    #[test]
    fn names_and_values_of_headers_are_checked() {
        assert!(is_header_name("X-Mode"));
        assert!(
            !is_header_name("X Mode") && !is_header_name("") && !is_header_name("X:") && !is_header_name("Ä")
        );
        assert!(is_header_value("a b #c"));
        assert!(!is_header_value("a\r\nb") && !is_header_value("a\0") && !is_header_value("a\u{2028}b"));
        assert!(!is_header_value("a\u{202e}b") && !is_header_value("a\tb"));
        assert!(is_time("250ms") && is_time("5") && is_time("2s"));
        assert!(!is_time("") && !is_time("ms") && !is_time("5 s") && !is_time("5s\nbind :1"));
    }
}
