//! Findings that somebody decided to live with: `# soalint: ignore[rule] reason`.
//!
//! [`comment`] reads the comments of a file, [`cover`] says which part of the file each is about, and
//! [`apply`] takes the findings away that an ignore names, and says which ignores are of no use.
//!
//! What is emitted knows nothing of this: only [`crate::check::check`] comes here, never
//! `check_and_keep` (docs/design.md section 10).

mod add;
mod apply;
pub(crate) mod comment;
pub(crate) mod cover;
mod report;

use std::sync::Arc;

use crate::repo::{DirEntry, Document, EntryKind, Service};
use crate::source::SourceText;

pub(crate) use add::offer_ignores;
pub(crate) use apply::apply;
use comment::{Directive, Mistake};
use cover::{Cover, Entries};

/// The ignores of one file that has any.
#[derive(Debug)]
pub(crate) struct FileIgnores {
    file: Arc<str>,
    source: Arc<SourceText>,
    /// Whether the file is a link, so that its comments are those of another file.
    is_link: bool,
    /// In the order of the text.
    ignores: Vec<Ignore>,
    mistakes: Vec<Mistake>,
}

/// One ignore and what it is about.
#[derive(Debug)]
struct Ignore {
    directive: Directive,
    cover: Cover,
}

/// The ignores of a document of a service; `None` for the many files without.
pub(crate) fn read(service: &Service, document: &Document) -> Option<FileIgnores> {
    let tree = document.tree()?;
    let source = tree.source();
    let text = source.text();
    let mut found = Vec::new();
    let mut mistakes = Vec::new();
    for comment in tree.comments() {
        let words = comment.span.of(text);
        // Comments are few, and most say nothing of soalint.
        if words.contains(comment::MARK) {
            comment::directives(words, comment.span.start, &mut found, &mut mistakes);
        }
    }
    if found.is_empty() && mistakes.is_empty() {
        return None;
    }
    let entries = Entries::of(tree);
    let mut ignores = Vec::with_capacity(found.len());
    for directive in found {
        match cover::cover(&directive, source, &entries) {
            Ok(cover) => ignores.push(Ignore { directive, cover }),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    let (file, source) = (Arc::clone(&document.file), Arc::clone(source));
    let name = file.rsplit('/').next().unwrap_or_default();
    let is_link = |entry: &DirEntry| entry.name == name && matches!(entry.kind, EntryKind::Link(_));
    let is_link = service.entries.iter().any(is_link);
    Some(FileIgnores { file, source, is_link, ignores, mistakes })
}
