//! Equality of mapping keys as Python's dictionaries have it: `1`, `1.0` and `true` are one key.

use super::number::{self, Int};
use super::scanner::Text;
use super::tree::{Node, NodeId, NodeKind, flag};
use super::{binary, tags, timestamp};
use std::collections::HashSet;

/// A hashable stand-in for a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum KeyValue<'t> {
    Null,
    Number(i64),
    /// In decimal.
    Big(String),
    /// The bits of a float that equals no integer of 64 bits.
    Float(u64),
    Text(&'t str),
    Instant(u8, i64),
    Bytes(Vec<u8>),
    /// A node that is equal to itself only, or no key at all.
    Node(NodeId),
}

/// Nodes with the texts that they refer to.
#[derive(Clone, Copy)]
pub(super) struct Arena<'t> {
    pub(super) nodes: &'t [Node],
    pub(super) text: &'t str,
    pub(super) side: &'t str,
}

impl<'t> Arena<'t> {
    pub(super) fn node(&self, id: NodeId) -> Option<&'t Node> {
        self.nodes.get(id as usize)
    }

    /// The node itself, or the one an alias means.
    pub(super) fn resolve(&self, id: NodeId) -> NodeId {
        match self.node(id) {
            Some(node) if node.kind == NodeKind::Alias => node.text.raw().0,
            _ => id,
        }
    }

    pub(super) fn text(&self, text: Text) -> &'t str {
        text.of(self.text, self.side)
    }

    /// The children of a collection, in order.
    pub(super) fn children(&self, id: NodeId) -> Children<'t> {
        let (next, left) = self.node(id).map_or((0, 0), |node| (id + 1, node.count()));
        Children { nodes: self.nodes, next, left }
    }

    /// The [`key_bit`] of a key; all bits where its text may change or bring other keys: merging
    /// adds some, and a mapping with the key `=` may turn into a text.
    #[inline]
    pub(super) fn key_bits(&self, key: NodeId) -> u32 {
        match self.node(self.resolve(key)) {
            Some(node) if node.has(flag::SCALAR) && node.kind != NodeKind::Merge => {
                key_bit(self.text(node.text))
            }
            _ => u32::MAX,
        }
    }

    /// The key that a node stands for.
    pub(super) fn key_value(&self, id: NodeId) -> KeyValue<'t> {
        let id = self.resolve(id);
        let Some(node) = self.node(id) else { return KeyValue::Node(id) };
        let text = self.text(node.text);
        match node.kind {
            NodeKind::Str => Some(KeyValue::Text(text)),
            NodeKind::Null => Some(KeyValue::Null),
            NodeKind::Bool => tags::truth(text).map(|value| KeyValue::Number(i64::from(value))),
            NodeKind::Int => number::parse_int(text).ok().map(|number| match number {
                Int::Small(number) => KeyValue::Number(number),
                Int::Big(number) => KeyValue::Big(number.to_string()),
            }),
            NodeKind::Float => number::parse_float(text).ok().map(float_key),
            NodeKind::Date | NodeKind::DateTime => timestamp::parse(text).and_then(Result::ok).map(|stamp| {
                let (class, instant) = stamp.instant();
                KeyValue::Instant(class, instant)
            }),
            NodeKind::Binary => binary::decode_base64(text).ok().map(KeyValue::Bytes),
            _ => None,
        }
        .unwrap_or(KeyValue::Node(id))
    }
}

fn float_key(value: f64) -> KeyValue<'static> {
    // 2 to the 63rd: every smaller whole float is an i64.
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if value.fract() == 0.0 && value.abs() < LIMIT {
        #[expect(clippy::cast_possible_truncation, reason = "whole and in range")]
        return KeyValue::Number(value as i64);
    }
    // PyYAML's `.nan` is always the same object, so it equals itself as a key.
    KeyValue::Float(value.to_bits())
}

/// Steps over the subtrees of a collection's children.
pub(super) struct Children<'t> {
    nodes: &'t [Node],
    next: NodeId,
    left: u32,
}

impl Iterator for Children<'_> {
    type Item = NodeId;

    #[inline]
    fn next(&mut self) -> Option<NodeId> {
        self.left = self.left.checked_sub(1)?;
        let id = self.next;
        self.next = self.nodes.get(id as usize)?.next;
        Some(id)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left as usize, Some(self.left as usize))
    }
}

/// One of 32 bits for the text of a key: a mapping whose keys have other bits only lacks it. Most
/// questions for a key are answered by that.
#[inline]
pub(super) fn key_bit(key: &str) -> u32 {
    let bytes = key.as_bytes();
    let byte = |at: usize| bytes.get(at).map_or(0, |byte| u32::from(*byte));
    let length = bytes.len();
    let hash = byte(0)
        .wrapping_mul(31)
        .wrapping_add(byte(length / 2).wrapping_mul(17))
        .wrapping_add(byte(length.saturating_sub(1)).wrapping_mul(7))
        .wrapping_add(u32::from(length.to_le_bytes()[0]));
    1 << (hash % 32)
}

/// Whether two keys of a mapping are equal.
pub(super) fn find_duplicates(nodes: &[Node], text: &str, side: &str, mapping: NodeId) -> bool {
    /// Up to this many keys, comparing all pairs of fingerprints is faster than hashing.
    const FEW: usize = 32;
    let arena = Arena { nodes, text, side };
    let count = arena.node(mapping).map_or(0, Node::count) as usize / 2;
    if count > FEW {
        return hashed_duplicates(arena, mapping);
    }
    let mut fingerprints = [0; FEW];
    for (at, key) in arena.children(mapping).step_by(2).enumerate() {
        let Some(node) = arena.node(key) else { return false };
        if node.kind != NodeKind::Str {
            return hashed_duplicates(arena, mapping);
        }
        let fingerprint = fingerprint(arena.text(node.text).as_bytes());
        let (before, rest) = fingerprints.split_at_mut(at);
        if before.contains(&fingerprint) {
            return hashed_duplicates(arena, mapping);
        }
        if let [slot, ..] = rest {
            *slot = fingerprint;
        }
    }
    false
}

/// A number that equal texts share and that keys of one mapping hardly ever do: their length, first
/// three and last four bytes.
fn fingerprint(text: &[u8]) -> u64 {
    let first = text.iter().take(3);
    let last = text.iter().rev().take(4);
    let length = text.len() as u64 & 0xFF;
    first.chain(last).fold(length, |number, byte| number << 8 | u64::from(*byte))
}

fn hashed_duplicates(arena: Arena<'_>, mapping: NodeId) -> bool {
    let mut seen = HashSet::new();
    arena.children(mapping).step_by(2).any(|key| !seen.insert(arena.key_value(key)))
}
