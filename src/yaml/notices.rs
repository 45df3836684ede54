//! What PyYAML accepts and a reader should know.

use super::chars::offset;
use super::construct::Effective;
use super::keys::{Arena, KeyValue};
use super::loaders::{Disagreement, Note};
use super::scanner::{Scanner, Tag};
use super::tree::{Anchor, Node, NodeId, NodeKind, Notice, flag};
use crate::source::Span;
use std::collections::HashMap;

/// All notices of a document, in order of place.
#[expect(clippy::too_many_arguments, reason = "called once, with the parts of a tree in the making")]
pub(super) fn collect(
    text: &str,
    ascii: bool,
    scanner: &Scanner<'_>,
    nodes: &[Node],
    tags: &[(NodeId, Tag, Span)],
    anchors: &[Anchor],
    effective: &Effective,
    repeated_merges: Vec<(Span, Span)>,
) -> Vec<Notice> {
    let mut notices: Vec<_> =
        scanner.notes.iter().map(|note| Notice::LoadersDisagree(note.notice())).collect();
    let mut disagree = |disagreement, span| {
        notices.push(Notice::LoadersDisagree(Note { disagreement, span }.notice()));
    };
    if !ascii && let Some((at, c)) = text.char_indices().find(|(_, c)| *c > '\u{FFFF}') {
        disagree(Disagreement::Astral, Span::new(offset(at), offset(at + c.len_utf8())));
    }
    for (id, tag, span) in tags {
        let node = nodes.get(*id as usize);
        if tag.of(text, &scanner.side) == "!"
            && node.is_some_and(|node| node.kind != NodeKind::Str && node.has(flag::SCALAR))
        {
            disagree(Disagreement::BareTag, *span);
        }
    }
    notices.extend(
        repeated_merges.into_iter().map(|(first, second)| Notice::RepeatedMergeKey { first, second }),
    );
    notices.extend(
        anchors
            .iter()
            .filter(|anchor| anchor.uses == 0)
            .map(|anchor| Notice::UnusedAnchor { name: anchor.name.of(text).to_owned(), span: anchor.name }),
    );
    let arena = Arena { nodes, text, side: &scanner.side };
    let mut special: Vec<_> = effective.ranges.keys().copied().collect();
    special.sort_unstable();
    for mapping in special {
        duplicates(arena, mapping, &mut notices);
    }
    notices.sort_by_key(Notice::span);
    notices
}

fn duplicates(arena: Arena<'_>, mapping: NodeId, notices: &mut Vec<Notice>) {
    let mut seen: HashMap<KeyValue<'_>, Span> = HashMap::new();
    for key in arena.children(mapping).step_by(2) {
        let Some(node) = arena.node(key) else { continue };
        let Some(target) = arena.node(arena.resolve(key)) else { continue };
        if target.kind == NodeKind::Merge {
            continue;
        }
        if let Some(first) = seen.insert(arena.key_value(key), node.span) {
            let key = arena.text(target.text).to_owned();
            notices.push(Notice::DuplicateKey { key, first, second: node.span });
        }
    }
}
