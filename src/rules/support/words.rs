//! Values of the tree in messages: bounded, without anything a terminal would obey, without secrets.

use std::fmt::Write as _;

use crate::secret;

/// Longest stretch of a value that a message repeats, in characters.
const LONGEST: usize = 60;

/// `text` as it may stand between backticks of a message: `""` if it is empty.
pub(crate) fn shown(text: &str) -> String {
    if text.is_empty() {
        return "\"\"".to_owned();
    }
    secret::quotable(text, LONGEST)
}

/// `` `a` ``, `` `a` and `b` ``, `` `a`, `b` and `c` ``; at most `most` names, then how many more there are.
pub(crate) fn list<'a>(
    names: impl ExactSizeIterator<Item = &'a str>,
    most: usize,
    conjunction: &str,
) -> String {
    let count = names.len();
    let hidden = count.saturating_sub(most);
    let mut text = String::new();
    for (index, name) in names.take(most).enumerate() {
        let separator = match index {
            0 => "",
            _ if index + 1 == count => conjunction,
            _ => ", ",
        };
        // Writing to a string cannot fail.
        let _ = write!(text, "{separator}`{}`", shown(name));
    }
    if hidden > 0 {
        let _ = write!(text, "{conjunction}{hidden} more");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_bounded_and_harmless() {
        assert_eq!(shown("plain"), "plain");
        assert_eq!(shown(&"x".repeat(61)), format!("{}…", "x".repeat(60)));
        assert_eq!(shown("a\u{1b}[31m`b`\n"), "a␛[31m'b'␊");
        assert_eq!(shown("postgres://u:pw@db/x"), "postgres://u:**@db/x");
    }

    #[test]
    fn lists_read_like_sentences() {
        let list = |names: &[&'static str], most| list(names.iter().copied(), most, " and ");
        assert_eq!(list(&[], 3), "");
        assert_eq!(list(&["a"], 3), "`a`");
        assert_eq!(list(&["a", "b"], 3), "`a` and `b`");
        assert_eq!(list(&["a", "b", "c"], 3), "`a`, `b` and `c`");
        assert_eq!(list(&["a", "b", "c", "d", "e"], 3), "`a`, `b`, `c` and 2 more");
    }
}
