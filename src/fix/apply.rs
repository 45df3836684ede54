//! Edits applied to a text, and where everything else went.

use crate::source::{Edit, Span};

/// A text after edits.
#[derive(Debug)]
pub(super) struct Applied {
    /// What it is now.
    pub(super) text: String,
    /// The edits, in order of position.
    edits: Vec<Edit>,
    /// Where the text of each edit stands now.
    inserted: Vec<Span>,
}

impl Applied {
    /// `text` after `edits`; `None` if they overlap, or do not fit the text.
    pub(super) fn new(text: &str, mut edits: Vec<Edit>) -> Option<Self> {
        edits.sort();
        let mut new = String::with_capacity(text.len() + 64);
        let mut inserted = Vec::with_capacity(edits.len());
        let mut at = 0;
        for edit in &edits {
            let (start, end) = (edit.span.start as usize, edit.span.end as usize);
            if start > end {
                return None;
            }
            // Fails where edits overlap, leave the text, or cut a character.
            new.push_str(text.get(at..start)?);
            text.get(start..end)?;
            let from = u32::try_from(new.len()).ok()?;
            new.push_str(&edit.text);
            inserted.push(Span::new(from, u32::try_from(new.len()).ok()?));
            at = end;
        }
        new.push_str(text.get(at..)?);
        Some(Self { text: new, edits, inserted })
    }

    /// Whether an edit changes something of what stood at `span`, or adds to it. What is empty is
    /// touched by what borders on it.
    pub(super) fn touches(&self, span: Span) -> bool {
        let first = self.edits.partition_point(|edit| edit.span.end < span.start);
        let near = self.edits.iter().skip(first).map(|edit| edit.span);
        let mut near = near.take_while(|edit| edit.start <= span.end);
        near.any(|edit| meets(edit, span) || edit.is_empty() || span.is_empty())
    }

    /// Whether one edit takes away all that stood at `span`.
    pub(super) fn replaces(&self, span: Span) -> bool {
        self.over(span).is_some()
    }

    /// Whether one edit takes away all that stood at `span` and writes nothing.
    pub(super) fn deletes(&self, span: Span) -> bool {
        self.over(span).is_some_and(|edit| edit.text.is_empty())
    }

    fn over(&self, span: Span) -> Option<&Edit> {
        let first = self.edits.partition_point(|edit| edit.span.end < span.end);
        self.edits.get(first).filter(|edit| edit.span.contains(span) && !edit.span.is_empty())
    }

    /// Whether something of what stands at `span` now was written by an edit.
    pub(super) fn wrote(&self, span: Span) -> bool {
        let first = self.inserted.partition_point(|text| text.end <= span.start);
        let mut near = self.inserted.iter().skip(first).take_while(|text| text.start < span.end);
        near.any(|text| meets(*text, span))
    }

    /// Where a byte that no edit touches went.
    pub(super) fn moved(&self, offset: u32) -> u32 {
        let before = self.edits.partition_point(|edit| edit.span.end <= offset);
        let Some(last) = before.checked_sub(1) else { return offset };
        match (self.edits.get(last), self.inserted.get(last)) {
            (Some(edit), Some(new)) => new.end + (offset - edit.span.end),
            _ => offset,
        }
    }
}

/// Whether two stretches share a byte.
const fn meets(one: Span, other: Span) -> bool {
    one.start < other.end && other.start < one.end && !one.is_empty() && !other.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: u32, end: u32, text: &str) -> Edit {
        Edit { span: Span::new(start, end), text: text.to_owned() }
    }

    #[test]
    fn edits_are_applied_in_order_and_places_move() {
        let applied = Applied::new("abcdef", vec![edit(4, 5, ""), edit(1, 2, "XYZ")]).unwrap();
        assert_eq!(applied.text, "aXYZcdf");
        assert_eq!([0, 2, 3, 5, 6].map(|at| applied.moved(at)), [0, 4, 5, 6, 7]);
        assert!(applied.touches(Span::new(0, 2)) && !applied.touches(Span::new(2, 4)));
        assert!(applied.touches(Span::new(4, 6)) && !applied.touches(Span::new(5, 6)));
        assert!(applied.wrote(Span::new(3, 5)) && !applied.wrote(Span::new(4, 5)));
    }

    #[test]
    fn hostile_edits_are_refused() {
        for edits in [
            vec![edit(0, 3, ""), edit(2, 4, "")],
            vec![edit(0, 99, "")],
            vec![edit(u32::MAX, u32::MAX, "x")],
            vec![edit(3, 2, "x")],
            vec![edit(1, 1, "x")],
        ] {
            assert!(Applied::new("écde", edits).is_none());
        }
    }
}
