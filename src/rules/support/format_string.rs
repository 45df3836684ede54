//! Python's format strings, as `deploy_group` and `url_format` are.

/// A part of a format string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Text that stays; a doubled brace is one piece of one brace.
    Literal(&'a str),
    /// `{name}`
    Field {
        /// What stands before a conversion, a format, an attribute or an index.
        name: &'a str,
        /// Whether any of those follows, so that the value is changed.
        changed: bool,
    },
}

/// Why Python refuses a text as a format string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unbalanced {
    /// A `{` without its `}`.
    Open,
    /// A `}` without its `{`.
    Close,
}

/// The parts of `text`, or why it has none.
pub(crate) fn parse(text: &str) -> Result<Vec<Piece<'_>>, Unbalanced> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (literal, tail) = rest.split_at(at);
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        let doubled = tail.get(..2);
        if let Some(brace) = doubled.filter(|two| *two == "{{" || *two == "}}") {
            pieces.push(Piece::Literal(brace.get(1..).unwrap_or_default()));
            rest = tail.get(2..).unwrap_or_default();
            continue;
        }
        let Some(inside) = tail.strip_prefix('{') else { return Err(Unbalanced::Close) };
        let end = closing(inside).ok_or(Unbalanced::Open)?;
        let field = inside.get(..end).unwrap_or_default();
        let name_end = field.find(['!', ':', '.', '[']).unwrap_or(field.len());
        let name = field.get(..name_end).unwrap_or_default();
        pieces.push(Piece::Field { name, changed: name_end < field.len() });
        rest = inside.get(end + 1..).unwrap_or_default();
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    Ok(pieces)
}

/// Where the brace that opened before `text` is closed; formats may hold braces themselves.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// `text` with its fields filled in; `None` where a value cannot be told without Python.
pub(crate) fn expand(text: &str, value_of: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut expanded = String::with_capacity(text.len());
    for piece in parse(text).ok()? {
        match piece {
            Piece::Literal(literal) => expanded.push_str(literal),
            Piece::Field { name, changed: false } => expanded.push_str(&value_of(name)?),
            Piece::Field { .. } => return None,
        }
    }
    Some(expanded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_braces_are_told_apart() {
        let field = |name| Piece::Field { name, changed: false };
        let changed = |name| Piece::Field { name, changed: true };
        let cases: &[(&str, Result<Vec<Piece<'_>>, Unbalanced>)] = &[
            ("", Ok(vec![])),
            ("prod.main", Ok(vec![Piece::Literal("prod.main")])),
            ("{cluster}.x", Ok(vec![field("cluster"), Piece::Literal(".x")])),
            ("{{a}}", Ok(vec![Piece::Literal("{"), Piece::Literal("a"), Piece::Literal("}")])),
            ("{}", Ok(vec![field("")])),
            ("{cluster!r}", Ok(vec![changed("cluster")])),
            ("{cluster:>{width}}", Ok(vec![changed("cluster")])),
            ("{cluster[0]}", Ok(vec![changed("cluster")])),
            ("{cluster", Err(Unbalanced::Open)),
            ("a{", Err(Unbalanced::Open)),
            ("a}b", Err(Unbalanced::Close)),
            ("é{", Err(Unbalanced::Open)),
            ("{é}", Ok(vec![field("é")])),
        ];
        for (text, expected) in cases {
            assert_eq!(&parse(text), expected, "{text}");
        }
    }

    #[test]
    fn known_fields_are_filled_in() {
        let value = |name: &str| (name == "cluster").then(|| "norcal-prod".to_owned());
        assert_eq!(expand("{cluster}.{{x}}", value).as_deref(), Some("norcal-prod.{x}"));
        assert_eq!(expand("{clutser}", value), None);
        assert_eq!(expand("{cluster!r}", value), None);
    }
}
