//! Text in a Jenkinsfile.

use std::fmt::Write as _;

use crate::report::escape::inert;
use crate::text::is_hidden;

/// A Groovy string that is never interpolated.
pub(super) fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    for c in text.chars() {
        match c {
            '\\' | '\'' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' '..='~' => out.push(c),
            // Whatever else could end a line or hide something is written as its code.
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('\'');
    out
}

/// Text in a comment: one line that can be seen, no `\u`, which Groovy reads even there, and no command to the log of a
/// CI system.
pub(super) fn comment(text: &str) -> String {
    let is_kept = |c: char| c != '\\' && !c.is_control() && !is_hidden(c);
    let text: String = text.chars().map(|c| if is_kept(c) { c } else { '?' }).collect();
    inert(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_cannot_be_left() {
        assert_eq!(string("prod.main"), "'prod.main'");
        assert_eq!(string("a'b\\c\n${x}"), "'a\\'b\\\\c\\n${x}'");
        assert_eq!(string("ä\u{2028}\u{1f600}"), "'\\u00e4\\u2028\\ud83d\\ude00'");
        assert_eq!(comment("a\nb\\u000a\u{202e}c"), "a?b?u000a?c");
    }
}
