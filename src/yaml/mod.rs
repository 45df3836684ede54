//! YAML as PyYAML's safe loader reads it, with the place of everything.
//!
//! A library of its own: nothing in here knows what the files are about. `parse` turns one document
//! into a [`Tree`], in five steps:
//!
//! 1. `reader` decodes the bytes and refuses what is no text;
//! 2. `scanner` cuts the text into tokens, as lazily as PyYAML does;
//! 3. `parser` turns tokens into events;
//! 4. `compose` puts events into an arena of nodes, types plain scalars, resolves aliases and keeps
//!    to the [`Budget`];
//! 5. `construct` plays through PyYAML's constructor, for the few documents where that can fail or
//!    where merge keys and duplicates change the entries of a mapping.
//!
//! Every step is linear in the length of the text. The truth that tests compare with is what PyYAML
//! 6.0.3's pure Python safe loader was recorded to do (`tests/data/yaml`).

#![expect(clippy::unnecessary_box_returns, reason = "faults travel in boxes, so that results stay small")]

mod binary;
mod cause;
mod chars;
mod compose;
mod construct;
mod de;
mod diagnose;
pub mod edit;
mod error;
mod events;
mod keys;
mod loaders;
mod notices;
mod number;
mod parser;
mod reader;
mod scalar;
mod scanner;
mod tags;
mod timestamp;
mod tree;
mod value;

pub use binary::decode_base64;
pub use cause::Cause;
pub(crate) use chars::python_str;
pub use de::{DeError, from_value};
pub use error::{Error, ErrorKind};
pub use events::{Event, events};
pub use keys::KeyFilter;
pub(crate) use keys::key_hash;
pub use loaders::{Loader, LoaderNotice, Reader, Verdict};
pub(crate) use number::float_repr;
pub use scalar::{Scalar, resolve_plain};
pub use scanner::Style;
pub use tree::{Anchor, Comment, Notice, Tree};
pub use value::{Entries, Entry, Items, Kind, Value};

use compose::{Composer, finish_error};
use construct::Constructor;
use error::{Fault, Faulty};

/// Limits for hostile files. A file beyond one of them is an error at the place that exceeds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Size of a file in bytes.
    pub max_bytes: usize,
    /// Levels of lists and mappings, aliases followed. PyYAML itself gives up near 490.
    pub max_depth: usize,
    /// Values in a file, keys included.
    pub max_nodes: u32,
    /// Values in a file if every alias were written out.
    pub max_alias_expansion: u64,
    /// Entries that merge keys bring, over all mappings.
    pub max_merged: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            max_bytes: 1 << 20,
            max_depth: 256,
            max_nodes: 1 << 20,
            max_alias_expansion: 1 << 20,
            max_merged: 1 << 18,
        }
    }
}

/// Sources beyond this cannot be addressed, whatever the budget says.
const MAX_ADDRESSABLE: usize = 1 << 30;

/// Reads one document as `yaml.safe_load` does. An empty file is null.
pub fn parse(bytes: &[u8], budget: &Budget) -> Result<Tree, Box<Error>> {
    parse_owned(bytes.to_vec(), budget)
}

/// The same of bytes that become the text of the tree.
fn parse_owned(bytes: Vec<u8>, budget: &Budget) -> Result<Tree, Box<Error>> {
    let limit = budget.max_bytes.min(MAX_ADDRESSABLE);
    if bytes.len() > limit {
        return Err(too_large(&bytes, limit));
    }
    match reader::decode(bytes) {
        Err(refused) => Err(finish_error(*refused.fault, refused.text)),
        Ok(decoded) => match read(&decoded.text, decoded.ascii, budget) {
            Err(fault) => Err(finish_error(*fault, decoded.text)),
            Ok(mut tree) => {
                tree.source = std::sync::Arc::new(crate::source::SourceText::new(decoded.text));
                Ok(tree)
            }
        },
    }
}

fn too_large(bytes: &[u8], limit: usize) -> Box<Error> {
    let problem = format!("the file has {} bytes, more than {limit}", bytes.len());
    // The first line is enough to show where this is about.
    let shown = String::from_utf8_lossy(bytes.get(..bytes.len().min(256)).unwrap_or(&[])).into_owned();
    let fault = Fault::new(ErrorKind::Budget, problem, crate::source::Span::at(0)).cause(Cause::Limit);
    finish_error(*fault, shown)
}

/// Everything but the source text, which the caller still lends out.
fn read(text: &str, ascii: bool, budget: &Budget) -> Faulty<Tree> {
    let mut composer = Composer::new(text, ascii, budget);
    composer.compose()?;
    let Composer {
        parser,
        mut nodes,
        anchors,
        tags,
        mut keys,
        duplicates,
        repeated_merges,
        needs_construction,
        recursion,
        ..
    } = composer;
    let scanner = parser.scanner;
    let mut effective = construct::Effective::default();
    if needs_construction || !duplicates.is_empty() {
        let mut constructor = Constructor::new(text, &scanner.side, &mut nodes, &tags, budget);
        if needs_construction {
            constructor.run()?;
        }
        effective = constructor.finish(&duplicates, &mut keys);
    }
    if let Some(fault) = recursion {
        return Err(fault);
    }
    let edged = notices::edged(text, &scanner.side, &nodes);
    let notices =
        notices::collect(text, ascii, &scanner, &nodes, &tags, &anchors, &effective, repeated_merges);
    Ok(Tree {
        source: std::sync::Arc::default(),
        side: scanner.side,
        nodes,
        comments: scanner.comments.into_iter().map(|span| Comment { span }).collect(),
        notices,
        edged,
        anchors,
        tags,
        effective: effective.ranges,
        pairs: effective.pairs,
        keys,
        large: std::sync::OnceLock::new(),
    })
}
