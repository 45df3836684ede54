//! What an ignore comment says: `# soalint: ignore[rule, other] reason until=2027-01-31`.

use jiff::civil::Date;

use crate::source::Span;
use crate::suggest;

/// What every comment to soalint has.
pub(crate) const MARK: &str = "soalint:";

/// How an ignore is written, for advice.
pub(crate) const GRAMMAR: &str = "write `# soalint: ignore[rule-name] reason`, or `ignore-file[rule-name]` at the top of the file; \
     `until=2027-01-31` may follow";

/// What an ignore is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// An entry: of the same line, or the next one if the comment stands alone.
    Entry,
    /// The file.
    File,
}

impl Reach {
    pub(crate) const fn keyword(self) -> &'static str {
        match self {
            Reach::Entry => "ignore",
            Reach::File => "ignore-file",
        }
    }
}

/// A name in brackets, where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// One ignore as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Directive {
    pub(crate) reach: Reach,
    /// From its `#` to its end, without blanks.
    pub(crate) span: Span,
    /// Between the brackets, and after them.
    pub(crate) brackets: Span,
    pub(crate) names: Vec<Name>,
    pub(crate) reason: String,
    pub(crate) until: Option<(Date, Span)>,
}

/// A comment to soalint that says nothing it understands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) span: Span,
    pub(crate) message: String,
    pub(crate) label: String,
}

/// Reads every directive of a comment that starts at `start` of the file.
pub(crate) fn directives(comment: &str, start: u32, found: &mut Vec<Directive>, mistakes: &mut Vec<Mistake>) {
    let mut starts = hashes(comment).peekable();
    while let Some(from) = starts.next() {
        let to = starts.peek().copied().unwrap_or(comment.len());
        let Some(part) = comment.get(from..to) else { continue };
        let part = Part { text: part.trim_end(), start: start as usize + from };
        match part.directive() {
            Ok(directive) => found.push(directive),
            Err(mistake) => mistakes.push(mistake),
        }
    }
}

/// Offsets of each `#` that [`MARK`] follows, after blanks at most; a `#` within a word is none.
fn hashes(comment: &str) -> impl Iterator<Item = usize> {
    comment.match_indices(MARK).filter_map(|(at, _)| {
        let before = comment.get(..at)?.trim_end_matches([' ', '\t']);
        let hash = before.strip_suffix('#')?;
        (hash.is_empty() || hash.ends_with([' ', '\t'])).then_some(hash.len())
    })
}

/// One directive's text, and where in the file that starts.
struct Part<'a> {
    text: &'a str,
    start: usize,
}

impl Part<'_> {
    fn span(&self, from: usize, to: usize) -> Span {
        let offset = |at: usize| u32::try_from(self.start + at).unwrap_or(u32::MAX);
        Span::new(offset(from), offset(to))
    }

    fn mistake(
        &self,
        from: usize,
        to: usize,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> Mistake {
        // Never empty: there is always the `#` to show.
        let (from, to) = if from < to { (from, to) } else { (0, self.text.len()) };
        Mistake { span: self.span(from, to), message: message.into(), label: label.into() }
    }

    fn directive(&self) -> Result<Directive, Mistake> {
        let text = self.text;
        let after_mark = text.find(MARK).map_or(text.len(), |at| at + MARK.len());
        let word_start = skip_blanks(text, after_mark);
        let word_end = end_of(text, word_start, |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        let word = text.get(word_start..word_end).unwrap_or_default();
        let reach = match word {
            "ignore" => Reach::Entry,
            "ignore-file" => Reach::File,
            _ => return Err(self.unknown_word(word, word_start, word_end)),
        };
        let open = skip_blanks(text, word_end);
        if !text.get(open..).is_some_and(|rest| rest.starts_with('[')) {
            let message = format!("`{word}` does not say what to ignore");
            return Err(self.mistake(
                word_start,
                word_end,
                message,
                "names of rules in brackets belong here",
            ));
        }
        let Some(close) = text.get(open..).and_then(|rest| rest.find(']')).map(|at| open + at) else {
            return Err(self.mistake(open, text.len(), "the bracket is not closed", ""));
        };
        let names = self.names(open + 1, close)?;
        let (reason, until) = self.rest(close + 1)?;
        Ok(Directive {
            reach,
            span: self.span(0, text.len()),
            brackets: self.span(open + 1, close),
            names,
            reason,
            until,
        })
    }

    fn unknown_word(&self, word: &str, start: usize, end: usize) -> Mistake {
        let known = [Reach::Entry, Reach::File].map(Reach::keyword);
        let label = suggest::nearest(word, known).map(|near| format!("did you mean `{near}`?"));
        let message = if word.is_empty() {
            "a comment to soalint that asks for nothing".to_owned()
        } else {
            format!("`{word}` is nothing that a comment can ask of soalint")
        };
        self.mistake(start, end, message, label.unwrap_or_default())
    }

    fn names(&self, open: usize, close: usize) -> Result<Vec<Name>, Mistake> {
        let inside = self.text.get(open..close).unwrap_or_default();
        if inside.trim().is_empty() {
            let message = "no rule is named";
            return Err(self.mistake(open - 1, close + 1, message, "names of rules belong here"));
        }
        let mut names = Vec::new();
        let mut at = open;
        for part in inside.split(',') {
            let start = at + (part.len() - part.trim_start().len());
            let name = part.trim();
            if name.is_empty() || name.contains(char::is_whitespace) {
                let label = "one name, then a comma";
                return Err(self.mistake(at, at + part.len().max(1), "the names are not one by one", label));
            }
            names.push(Name { text: name.to_owned(), span: self.span(start, start + name.len()) });
            at += part.len() + 1;
        }
        Ok(names)
    }

    /// Reason and date.
    fn rest(&self, from: usize) -> Result<(String, Option<(Date, Span)>), Mistake> {
        let rest = self.text.get(from..).unwrap_or_default();
        let mut until = None;
        let mut reason = String::new();
        for word in rest.split_whitespace() {
            let Some(date) = word.strip_prefix("until=") else {
                if !reason.is_empty() {
                    reason.push(' ');
                }
                reason.push_str(word);
                continue;
            };
            // The words are slices of the text, so this is where they stand.
            let start = word.as_ptr() as usize - self.text.as_ptr() as usize;
            let end = start + word.len();
            let Some(date) = day(date) else {
                let label = "a day, like until=2027-01-31";
                return Err(self.mistake(start, end, format!("`{word}` is not a day"), label));
            };
            if until.is_some() {
                return Err(self.mistake(start, end, "`until` is here twice", ""));
            }
            until = Some((date, self.span(start, end)));
        }
        let reason = reason.trim_start_matches([':', '-', '–', '—', ' ']).trim_end().to_owned();
        Ok((reason, until))
    }
}

/// `YYYY-MM-DD` and nothing else.
fn day(text: &str) -> Option<Date> {
    let is_shape = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    is_shape.then(|| text.parse().ok()).flatten()
}

fn skip_blanks(text: &str, from: usize) -> usize {
    end_of(text, from, |c| matches!(c, ' ' | '\t'))
}

fn end_of(text: &str, from: usize, is_part: impl Fn(char) -> bool) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + rest.find(|c| !is_part(c)).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names, reason and day of each directive; messages of the rest.
    fn read(comment: &str) -> Vec<String> {
        let (mut found, mut mistakes) = (Vec::new(), Vec::new());
        directives(comment, 100, &mut found, &mut mistakes);
        for directive in &found {
            for name in &directive.names {
                let from = name.span.start as usize - 100;
                assert_eq!(comment.get(from..name.span.end as usize - 100), Some(name.text.as_str()));
            }
        }
        let shown = found.iter().map(|directive| {
            let names: Vec<&str> = directive.names.iter().map(|name| name.text.as_str()).collect();
            let until = directive.until.map(|(day, _)| format!(" until {day}")).unwrap_or_default();
            format!("{} {}: {}{until}", directive.reach.keyword(), names.join("+"), directive.reason)
        });
        let wrong = mistakes.iter().map(|mistake| {
            let from = mistake.span.start as usize - 100;
            let to = mistake.span.end as usize - 100;
            format!("{} at {:?}", mistake.message, comment.get(from..to).unwrap_or("?"))
        });
        shown.chain(wrong).collect()
    }

    #[test]
    fn what_is_said_is_read() {
        for (comment, expected) in [
            ("# soalint: ignore[a-b] why not", "ignore a-b: why not"),
            ("#soalint:ignore[a]", "ignore a: "),
            (
                "#  soalint:  ignore  [ a , b ]  -- see OPS-1  until=2027-01-31",
                "ignore a+b: see OPS-1 until 2027-01-31",
            ),
            ("# soalint: ignore-file[a] until=2027-01-31 old", "ignore-file a: old until 2027-01-31"),
            ("# was 2 # soalint: ignore[a] x", "ignore a: x"),
        ] {
            assert_eq!(read(comment), [expected], "{comment}");
        }
        assert_eq!(
            read("# soalint: ignore[a] one # soalint: ignore[b] two"),
            ["ignore a: one", "ignore b: two"]
        );
    }

    #[test]
    fn prose_is_left_alone() {
        for comment in ["# see soalint: ignore[a]", "# x#soalint: ignore[a]", "# soalint ignore[a]"] {
            assert!(read(comment).is_empty(), "{comment}");
        }
    }

    #[test]
    fn what_is_not_understood_is_shown() {
        for (comment, expected) in [
            ("# soalint: ignore", "`ignore` does not say what to ignore at \"ignore\""),
            ("# soalint: ignore all", "`ignore` does not say what to ignore at \"ignore\""),
            ("# soalint: ignore[]", "no rule is named at \"[]\""),
            ("# soalint: ignore[a", "the bracket is not closed at \"[a\""),
            ("# soalint: ignore[a b]", "the names are not one by one at \"a b\""),
            ("# soalint: ignore[a,]", "the names are not one by one at \"]\""),
            (
                "# soalint: ignore-line[a]",
                "`ignore-line` is nothing that a comment can ask of soalint at \"ignore-line\"",
            ),
            ("# soalint:", "a comment to soalint that asks for nothing at \"# soalint:\""),
            ("# soalint: ignore[a] until=soon", "`until=soon` is not a day at \"until=soon\""),
            (
                "# soalint: ignore[a] until=2027-02-30",
                "`until=2027-02-30` is not a day at \"until=2027-02-30\"",
            ),
            (
                "# soalint: ignore[a] until=2027-01-01 until=2028-01-01",
                "`until` is here twice at \"until=2028-01-01\"",
            ),
        ] {
            assert_eq!(read(comment), [expected], "{comment}");
        }
    }
}
