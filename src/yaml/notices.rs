//! What PyYAML accepts and a reader should know.

use super::chars::offset;
use super::construct::Effective;
use super::keys::{Arena, KeyValue};
use super::loaders::{Disagreement, Note};
use super::scalar::{self, Scalar};
use super::scanner::{Scanner, Style, Tag};
use super::timestamp;
use super::tree::{Anchor, Node, NodeId, NodeKind, Notice};
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
        if is_bare_tag(nodes, *id, &tag.short(text, &scanner.side)) {
            disagree(Disagreement::BareTag, *span);
        }
    }
    for node in nodes {
        let other = match node.kind {
            NodeKind::DateTime => Some(Disagreement::TimeZone),
            NodeKind::Str if node.style == Style::Plain => Some(Disagreement::DotUnderscore),
            _ => None,
        };
        if let Some(other) = other
            && differs_in_3_11(node.text.of(text, &scanner.side), other)
        {
            disagree(other, node.span);
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
    for (mapping, _) in &effective.ranges {
        duplicates(arena, *mapping, &mut notices);
    }
    notices.sort_by_key(Notice::span);
    notices
}

/// Whether the node is nothing but a `!`.
pub(super) fn is_bare_tag(nodes: &[Node], id: NodeId, tag: &str) -> bool {
    let node = nodes.get(id as usize);
    tag == "!" && node.is_some_and(|node| node.kind == NodeKind::Null && node.span.is_empty())
}

/// The strings that are not plain and begin or end with white space, in the order of the text. A
/// plain scalar has none at its ends.
pub(super) fn edged(text: &str, side: &str, nodes: &[Node]) -> Vec<NodeId> {
    let is_edged = |node: &Node| {
        let text = node.text.of(text, side).as_bytes();
        let is_white = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_whitespace);
        is_white(text.first()) || is_white(text.last())
    };
    let is_string = |node: &Node| node.kind == NodeKind::Str && node.style != Style::Plain;
    let ids = nodes.iter().zip(0..).filter(|(node, _)| is_string(node) && is_edged(node));
    ids.map(|(_, id)| id).collect()
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

/// Whether PyYAML 3.11 gives a plain scalar another value.
#[inline]
fn differs_in_3_11(text: &str, how: Disagreement) -> bool {
    match how {
        Disagreement::TimeZone => timestamp::has_offset(text),
        // 3.11 takes `._1` for a float.
        _ => text
            .strip_prefix("._")
            .is_some_and(|rest| scalar::resolve_plain(&format!(".0{rest}")) == Scalar::Float),
    }
}
