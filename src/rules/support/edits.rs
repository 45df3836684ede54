//! Text edits that several fixes make.

use crate::diagnostic::Edit;
use crate::source::Span;
use crate::yaml::{Kind, Scalar, Style, Value, resolve_plain};

/// Puts brackets around a value: `x` becomes `["x"]`, `[a, b]` becomes `[[a, b]]`.
///
/// `None` where the value is written elsewhere (an alias) or over several lines.
pub(crate) fn wrap(value: Value<'_>) -> Option<Vec<Edit>> {
    if value.is_alias() || value.anchor().is_some() || value.tag().is_some() || value.raw().contains('\n') {
        return None;
    }
    let span = value.span();
    match (value.kind(), value.style()) {
        (Kind::Str, Style::Plain | Style::Single | Style::Double) => {
            Some(vec![Edit { span, text: format!("[{}]", quoted(value.as_str()?)?) }])
        }
        (Kind::Seq, Style::Flow) => {
            let insert = |at, text: &str| Edit { span: Span::at(at), text: text.to_owned() };
            Some(vec![insert(span.start, "["), insert(span.end, "]")])
        }
        _ => None,
    }
}

/// Replaces a scalar by a quoted text.
pub(crate) fn replace(value: Value<'_>, text: &str) -> Option<Vec<Edit>> {
    let is_plain = matches!(value.style(), Style::Plain | Style::Single | Style::Double);
    if value.is_alias() || !is_plain || value.raw().contains('\n') || value.tag().is_some() {
        return None;
    }
    let text = match value.style() {
        Style::Plain if is_word(text) => text.to_owned(),
        _ => quoted(text)?,
    };
    Some(vec![Edit { span: value.span(), text }])
}

/// Appends a text to a list that has items.
pub(crate) fn append(list: Value<'_>, text: &str) -> Option<Vec<Edit>> {
    if list.is_alias() {
        return None;
    }
    let tail = list.items().last()?;
    let end = if tail.is_alias() { tail.site() } else { tail.span() }.end;
    let item = if is_word(text) { text.to_owned() } else { quoted(text)? };
    let text = match list.style() {
        Style::Flow => format!(", {item}"),
        Style::Block if !tail.raw().contains('\n') => {
            let source = list.tree().text();
            let before = source.get(..tail.span().start as usize)?;
            let line = before.get(before.rfind('\n').map_or(0, |at| at + 1)..)?;
            let indent = line.strip_suffix(' ')?.trim_end().strip_suffix('-')?;
            if !indent.bytes().all(|byte| byte == b' ') {
                return None;
            }
            let line_end =
                source.get(end as usize..)?.find('\n').map_or(source.len(), |at| end as usize + at);
            let span = Span::at(u32::try_from(line_end).ok()?);
            return Some(vec![Edit { span, text: format!("\n{indent}- {item}") }]);
        }
        _ => return None,
    };
    Some(vec![Edit { span: Span::at(end), text }])
}

/// A text between double quotes, if it needs no escapes.
pub(crate) fn quoted(text: &str) -> Option<String> {
    let is_simple = text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\'));
    is_simple.then(|| format!("\"{text}\""))
}

/// Whether YAML reads the bare text as this string, in every position.
fn is_word(text: &str) -> bool {
    text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
        && resolve_plain(text) == Scalar::Str
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Budget, Tree, parse};

    fn tree(text: &str) -> Tree {
        parse(text.as_bytes(), &Budget::default()).unwrap()
    }

    fn apply(tree: &Tree, edits: Option<Vec<Edit>>) -> Option<String> {
        let mut text = tree.text().to_owned();
        for edit in edits?.into_iter().rev() {
            text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
        }
        Some(text)
    }

    #[test]
    fn values_are_wrapped_where_they_stand() {
        let cases = [
            ("a: region:x\n", Some("a: [\"region:x\"]\n")),
            ("a: 'b'  # c\n", Some("a: [\"b\"]  # c\n")),
            ("a: [b, c]\n", Some("a: [[b, c]]\n")),
            ("a:\n  - b\n", None),
            ("a: |\n  b\n", None),
            ("a: 1\n", None),
            ("a: \"b\\\"c\"\n", None),
            ("x: &x b\na: *x\n", None),
        ];
        for (text, expected) in cases {
            let tree = tree(text);
            let value = tree.root().get("a").unwrap();
            assert_eq!(apply(&tree, wrap(value)).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn items_are_appended_in_the_style_of_the_list() {
        let cases = [
            ("a: [b]\n", Some("a: [b, region]\n")),
            ("a: [b, 'c' ]\n", Some("a: [b, 'c', region ]\n")),
            ("a:\n  - b  # c\n", Some("a:\n  - b  # c\n  - region\n")),
            ("a:\n- b\n", Some("a:\n- b\n- region\n")),
            ("a:\n  -   b\nz: 1\n", Some("a:\n  -   b\n  - region\nz: 1\n")),
            ("a: []\n", None),
            ("a: b\n", None),
        ];
        for (text, expected) in cases {
            let tree = tree(text);
            let value = tree.root().get("a").unwrap();
            assert_eq!(apply(&tree, append(value, "region")).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn scalars_keep_their_quotes() {
        let cases = [
            ("a: b\n", "crossover", Some("a: crossover\n")),
            ("a: 'b'\n", "crossover", Some("a: \"crossover\"\n")),
            ("a: b\n", "no", Some("a: \"no\"\n")),
            ("a: b\n", "3", Some("a: \"3\"\n")),
            ("a: 3\n", "3", Some("a: \"3\"\n")),
            ("a: >\n  b\n", "c", None),
        ];
        for (text, new, expected) in cases {
            let tree = tree(text);
            let value = tree.root().get("a").unwrap();
            assert_eq!(apply(&tree, replace(value, new)).as_deref(), expected, "{text}");
        }
    }
}
