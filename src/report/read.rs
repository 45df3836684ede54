//! How PaaSTA reads one file: the typed tree after YAML 1.1, merges and duplicates.

mod explain;
mod human;
mod json;

use std::borrow::Cow;
use std::io::{self, Write};

use super::escape::Inert;
use crate::source::Span;
use crate::yaml::{Entry, Kind, Style, Tree, Value};

/// How `soalint read` shows a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadFormat {
    /// Like YAML, with a comment wherever a value reads differently than it looks.
    Human,
    /// Every value with its type and place (docs/design.md section 8).
    Json,
}

/// What is shown of values that look like secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrets {
    /// As many `*` as they have characters where they stand as they read, else eight.
    Masked,
    /// They themselves.
    Shown,
}

/// Writes the tree.
pub fn write(format: ReadFormat, secrets: Secrets, tree: &Tree, out: &mut dyn Write) -> io::Result<()> {
    match format {
        ReadFormat::Human => Inert::lines(out, |out| human::write(secrets, tree, out)),
        ReadFormat::Json => json::write(secrets, tree, out),
    }
}

impl Secrets {
    fn is_masked(self, value: Value<'_>) -> bool {
        self == Self::Masked && value.tree().source().hidden().meets(value.span())
    }

    /// The text of a string, or what another scalar is written as in Python.
    fn text_of(self, value: Value<'_>) -> Cow<'_, str> {
        let text = if value.kind() == Kind::Str { Cow::Borrowed(value.text()) } else { value.repr() };
        if !self.is_masked(value) {
            return text;
        }
        let source = value.tree().source();
        let place = value.raw().find(&*text).and_then(|at| {
            let start = value.span().start + u32::try_from(at).ok()?;
            Some(Span::new(start, start + u32::try_from(text.len()).ok()?))
        });
        // Where escapes or line breaks are in between, all of it.
        Cow::Owned(place.map_or_else(|| "*".repeat(8), |place| source.masked(place)))
    }

    /// Words about values that may quote one.
    fn words(self, value: Value<'_>, words: String) -> String {
        match self {
            Self::Masked => value.tree().source().scrub(&words).into_owned(),
            Self::Shown => words,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Budget, parse};

    fn human(text: &str) -> String {
        let tree = parse(text.as_bytes(), &Budget::default()).unwrap();
        let mut out = Vec::new();
        write(ReadFormat::Human, Secrets::Masked, &tree, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn json(text: &str) -> serde_json::Value {
        let tree = parse(text.as_bytes(), &Budget::default()).unwrap();
        let mut out = Vec::new();
        write(ReadFormat::Json, Secrets::Masked, &tree, &mut out).unwrap();
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn surprising_scalars_are_marked_and_others_are_not() {
        let shown = human(
            "a: no\nb: 010\nc: 1:30\nd: 1e3\ne: 2015-01-01\nf: 0o17\ng: ~\nh: 1_000\ni: 0.5\nj: 12\nk: 'no'\nl: text\nm: 08\no: y\n",
        );
        let expected = "\
a: false  # bool: YAML 1.1 reads an unquoted `no` so
b: 8  # `010`: octal, for its leading zero
c: 90  # `1:30`: base 60, as for hours, minutes and seconds
d: 1e3  # text: a float needs a dot, and a sign in its exponent
e: 2015-01-01  # date: quote it to keep a text
f: 0o17  # text: YAML 1.1 writes octal numbers with a mere leading zero
g: null  # null: YAML reads an unquoted `~` so
h: 1000  # `1_000`: underscores do not count
i: 0.5
j: 12
k: \"no\"
l: text
m: 08  # text: the leading zero makes it octal, and it has a digit that octal has not
o: y  # text: a single letter is no boolean for PyYAML
";
        assert_eq!(shown, expected);
    }

    #[test]
    fn origins_are_named() {
        let shown = human("a: &base\n  x: 1\nb:\n  <<: *base\n  z: [1, {}]\nc: *base\n");
        let expected = "a:\n  x: 1\nb:\n  x: 1  # merged by << on line 4\n  z:\n    - 1\n    - {}\nc:  # *base, from line 2\n  x: 1\n";
        assert_eq!(shown, expected);
    }

    #[test]
    fn control_characters_never_get_out() {
        let shown = human("a: \"\\e[31m\\u202e\\x07\"\n\"\\0\": |\n  b\n");
        assert_eq!(shown, "a: \"\\u001b[31m\\u202e\\u0007\"\n\"\\u0000\": \"b\\n\"\n");
    }

    #[test]
    fn json_has_types_values_and_places() {
        let place =
            |line, column, offset| serde_json::json!({"line": line, "column": column, "offset": offset});
        assert_eq!(
            json("é: [0x1F]\n"),
            serde_json::json!({"type": "map", "entries": [{
                "key": {"type": "str", "value": "é", "start": place(1, 1, 0), "end": place(1, 2, 2)},
                "value": {"type": "seq", "items": [
                    {"type": "int", "value": "31", "start": place(1, 5, 5), "end": place(1, 9, 9)}
                ], "start": place(1, 4, 4), "end": place(1, 10, 10)},
            }], "start": place(1, 1, 0), "end": place(1, 10, 10)})
        );
        assert_eq!(json("")["value"], serde_json::Value::Null);
        assert_eq!(json("!!set {b, a}")["items"][0]["value"], "a");
        assert_eq!(json("!!binary aGk=")["value"], "6869");
    }

    #[test]
    fn secrets_are_masked_unless_they_are_asked_for() {
        let text = "env:\n  DB_PASSWORD: &tangerine-41 tangerine-41\n  PIN_SECRET: 0123456\n  COPY: *tangerine-41\n  \
                    cmd: mysql -ptangerine-41 shop\n  LONG_TOKEN: \"tangerine\\x2d41\"\n  tokens: {tangerine-41: 1234}\n";
        let tree = parse(text.as_bytes(), &Budget::default()).unwrap();
        let shown = |format, secrets| {
            let mut out = Vec::new();
            write(format, secrets, &tree, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(
            shown(ReadFormat::Human, Secrets::Masked),
            "env:\n  DB_PASSWORD: \"************\"\n  PIN_SECRET: \"********\"\n  COPY: \"************\"  # *********, from line 2\n  \
             cmd: mysql -p************ shop\n  LONG_TOKEN: \"********\"\n  tokens:\n    \"************\": \"****\"\n"
        );
        for secrets in [Secrets::Masked, Secrets::Shown] {
            for format in [ReadFormat::Human, ReadFormat::Json] {
                let shown = shown(format, secrets);
                for secret in ["tangerine", "42798", "1234"] {
                    assert_eq!(shown.contains(secret), secrets == Secrets::Shown, "{secret}: {shown}");
                }
            }
        }
    }
}
