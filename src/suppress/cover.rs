//! Which part of a file an ignore is about.

use crate::source::{SourceText, Span};
use crate::yaml::{Kind, Style, Tree};

use super::comment::{Directive, Mistake, Reach};

/// The part of a file that an ignore is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cover {
    /// All of it, and the file as such.
    File,
    /// What starts here.
    Part(Span),
    /// Nothing: no entry follows.
    Nothing,
}

/// The entries of a file, found in one pass, so that a file full of ignores costs no more than its
/// length.
#[derive(Debug)]
pub(crate) struct Entries {
    /// Every entry and item with everything in it; outer ones before those that start with them.
    all: Vec<Span>,
    /// The entries and items of block collections that hold no further ones: each ends before the next
    /// begins.
    simple: Vec<Simple>,
    /// Where the first value starts; `None` in a file of comments.
    first: Option<u32>,
}

/// An entry whose value is a scalar, or a list or mapping in brackets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Simple {
    /// From the key to the end of the value.
    pub(crate) span: Span,
    /// Whether the value is a text in lines of its own, after `|` or `>`: a comment at its head lies
    /// within the span, and is about all of it.
    pub(crate) is_block_text: bool,
}

impl Entries {
    /// The entries of `tree`.
    pub(crate) fn of(tree: &Tree) -> Self {
        let root = tree.root();
        let first = (!root.span().is_empty()).then(|| root.span().start);
        let mut entries = Self { all: Vec::new(), simple: Vec::new(), first };
        // A value with the start of the entry that it belongs to; the stack gives the last one first.
        let mut open = vec![(root, None, true)];
        while let Some((value, entry, outside_brackets)) = open.pop() {
            let is_own = !value.is_alias();
            let span = if is_own { value.span() } else { value.site() };
            let is_collection = is_own && matches!(value.kind(), Kind::Map | Kind::Seq | Kind::Set);
            let is_block = value.style() == Style::Block;
            if let Some(start) = entry {
                let whole = Span::new(start, span.end.max(start));
                entries.all.push(whole);
                if outside_brackets && !(is_collection && is_block) {
                    let is_block_text = is_own && matches!(value.style(), Style::Literal | Style::Folded);
                    entries.simple.push(Simple { span: whole, is_block_text });
                }
            }
            if !is_collection {
                continue;
            }
            let before = open.len();
            let outside_brackets = outside_brackets && is_block;
            if value.kind() == Kind::Seq {
                for item in value.items() {
                    let start = if item.is_alias() { item.site().start } else { item.span().start };
                    open.push((item, Some(start), outside_brackets));
                }
            } else {
                for entry in value.own_entries() {
                    let key = if entry.key.is_alias() { entry.key.site() } else { entry.key.span() };
                    open.push((entry.value, Some(key.start), outside_brackets));
                }
            }
            if let Some(children) = open.get_mut(before..) {
                children.reverse();
            }
        }
        entries
    }

    /// The outermost entry that begins after `offset`.
    fn next_after(&self, offset: u32) -> Option<Span> {
        self.all.get(self.all.partition_point(|entry| entry.start < offset)).copied()
    }

    /// The simple entry that has a part in `line`, the part of a line before a comment.
    pub(crate) fn on_line(&self, line: Span) -> Option<Simple> {
        let after = self.simple.partition_point(|entry| entry.span.start < line.end);
        self.simple.get(after.checked_sub(1)?).copied().filter(|entry| entry.span.end > line.start)
    }
}

/// What a directive is about.
///
/// At the end of a line it is about what starts on that line, and about all of a value that has a part
/// in it and holds no further lines of entries: a text over several lines, a list in brackets. Alone
/// on its line, it is about the next entry with everything in it.
pub(crate) fn cover(directive: &Directive, source: &SourceText, entries: &Entries) -> Result<Cover, Mistake> {
    let span = directive.span;
    if directive.reach == Reach::File {
        return match entries.first {
            Some(first) if first < span.start => Err(Mistake {
                span,
                message: "`ignore-file` stands below the first entry".to_owned(),
                label: "move it to the top of the file".to_owned(),
            }),
            _ => Ok(Cover::File),
        };
    }
    let line = before(source, span.start);
    if is_comment(line.of(source.text())) {
        return Ok(entries.next_after(span.end).map_or(Cover::Nothing, Cover::Part));
    }
    Ok(Cover::Part(match entries.on_line(line) {
        // Within brackets over several lines the comment is about its own line only.
        Some(entry) if entry.span.end <= span.start || entry.is_block_text => line.to(entry.span),
        _ => line,
    }))
}

/// The part of a line that is before `offset`.
pub(crate) fn before(source: &SourceText, offset: u32) -> Span {
    Span::new(source.line_span(source.line_of(offset)).start, offset)
}

/// Whether a part of a line holds nothing but blanks or a comment.
fn is_comment(line: &str) -> bool {
    let rest = line.trim_start_matches([' ', '\t', '\u{feff}']);
    rest.is_empty() || rest.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::super::comment::directives;
    use super::*;
    use crate::yaml::{Budget, parse};

    /// What the comments of `text` are about, each as it is written; `-` for nothing.
    fn covers(text: &str) -> Vec<String> {
        let tree = parse(text.as_bytes(), &Budget::default()).unwrap();
        let entries = Entries::of(&tree);
        let mut found = Vec::new();
        for comment in tree.comments() {
            directives(comment.span.of(text), comment.span.start, &mut found, &mut Vec::new());
        }
        let cover = |directive: &Directive| match cover(directive, tree.source(), &entries) {
            Ok(Cover::File) => "file".to_owned(),
            Ok(Cover::Part(span)) => span.of(text).trim().to_owned(),
            Ok(Cover::Nothing) => "-".to_owned(),
            Err(mistake) => mistake.message,
        };
        found.iter().map(cover).collect()
    }

    #[test]
    fn at_the_end_of_a_line_it_is_about_the_entry_of_that_line() {
        let text = "main:  # soalint: ignore[a]\n  cpus: 1  # soalint: ignore[b]\n  mem: 2\nb:\n- x\n- y # soalint: ignore[c]\n- k: v # soalint: ignore[d]\n  l: w\n";
        assert_eq!(covers(text), ["main:", "cpus: 1", "- y", "- k: v"]);
    }

    #[test]
    fn values_over_several_lines_are_covered_as_a_whole() {
        assert_eq!(
            covers("c: |  # soalint: ignore[a]\n  x\n  y\nd: 1\n"),
            ["c: |  # soalint: ignore[a]\n  x\n  y"]
        );
        assert_eq!(covers("c:\n  'x\n  y'  # soalint: ignore[a]\nd: 1\n"), ["c:\n  'x\n  y'"]);
        assert_eq!(covers("c: [x,\n  y]  # soalint: ignore[a]\n"), ["c: [x,\n  y]"]);
        assert_eq!(
            covers("c: [x,  # soalint: ignore[a]\n  y, # soalint: ignore[b]\n  z]\n"),
            ["c: [x,", "y,"]
        );
    }

    #[test]
    fn alone_it_is_about_the_whole_next_entry() {
        assert_eq!(
            covers(
                "# soalint: ignore[a]\n# words\n\n# soalint: ignore[b] # soalint: ignore[c]\nmain:\n  a: 1\n  b: 2\nz: 1\n"
            ),
            ["main:\n  a: 1\n  b: 2"; 3]
        );
        assert_eq!(
            covers(
                "l:\n# soalint: ignore[a]\n- k: v\n  l: w\n# soalint: ignore[b]\n- [x,\n  # soalint: ignore[c]\n  {y: z}]\n"
            ),
            ["k: v\n  l: w", "[x,\n  # soalint: ignore[c]\n  {y: z}]", "{y: z}"]
        );
        assert_eq!(covers("a: 1\n# soalint: ignore[a]\n"), ["-"]);
    }

    #[test]
    fn a_file_is_covered_from_its_top() {
        assert_eq!(
            covers("# soalint: ignore-file[a]\n---\n# soalint: ignore-file[b]\nx: 1\n"),
            ["file", "file"]
        );
        assert_eq!(covers("# soalint: ignore-file[a]\n"), ["file"]);
        assert_eq!(
            covers("x: 1 # soalint: ignore-file[a]\n"),
            ["`ignore-file` stands below the first entry"]
        );
    }

    #[test]
    fn text_is_no_comment() {
        for text in
            ["a: '# soalint: ignore[x]'\n", "a: |\n  # soalint: ignore[x]\n", "a: b#soalint:ignore[x]\n"]
        {
            assert!(covers(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn aliases_and_anchors_do_not_confuse_it() {
        assert_eq!(covers("a: &x {k: v}\nb: *x # soalint: ignore[a]\n"), ["b: *x"]);
        assert_eq!(
            covers("a: &x\n  k: v\n# soalint: ignore[a]\nb:\n  <<: *x\n  l: w\n"),
            ["b:\n  <<: *x\n  l: w"]
        );
    }
}
