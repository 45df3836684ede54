//! Equality of mapping keys as Python's dictionaries have it: `1`, `1.0` and `true` are one key.

use super::chars::offset;
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

/// The texts of all mappings' keys, in a form that is quick to search: rules ask for a key more often than
/// anything else.
#[derive(Debug, Default)]
pub(super) struct KeyIndex {
    sets: Vec<KeySet>,
    /// The keys of one mapping after the other.
    keys: Vec<HashedKey>,
}

/// The keys of one mapping.
#[derive(Clone, Copy, Debug)]
struct KeySet {
    /// A bit for each key, out of 64: most questions for a key are answered by that.
    bits: u64,
    /// Where its keys begin.
    start: u32,
    /// How many they are, or [`UNLISTED`].
    count: u32,
}

/// In the place of a number: the keys may be others than those written, because a merge key adds some, one with
/// the key `=` turns into a text, or equal ones count once.
const UNLISTED: u32 = u32::MAX;

/// A key and the [`key_hash`] of its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct HashedKey {
    hash: u32,
    pub(super) key: NodeId,
}

/// What the index knows of a key in a mapping.
pub(super) enum Lookup<'t> {
    /// The mapping lacks it.
    Absent,
    /// It may be one of these.
    Among(&'t [HashedKey], u32),
    /// Nothing: the entries have to be looked through.
    Unknown,
}

impl KeyIndex {
    /// Adds a mapping as written. Gives the number by which it is found again, and whether it may have equal keys.
    pub(super) fn add(&mut self, arena: Arena<'_>, mapping: NodeId) -> (u32, bool) {
        /// Up to this many keys, comparing all pairs is faster than hashing.
        const FEW: usize = 32;
        let start = self.keys.len();
        let mut bits = 0;
        let mut is_listed = true;
        // Numbers, dates and so on can be equal and look different.
        let mut may_repeat = false;
        for key in arena.children(mapping).step_by(2) {
            match arena.node(arena.resolve(key)) {
                Some(node) if node.kind == NodeKind::Str && node.has(flag::SCALAR) => {
                    let hash = key_hash(arena.text(node.text));
                    let before = self.keys.get(start..).unwrap_or_default();
                    may_repeat |= before.len() > FEW || before.iter().any(|other| other.hash == hash);
                    bits |= key_bit(hash);
                    self.keys.push(HashedKey { hash, key });
                }
                // No text will ever be equal to it.
                Some(node)
                    if node.has(flag::SCALAR) && !matches!(node.kind, NodeKind::Merge | NodeKind::Equals) =>
                {
                    may_repeat = true;
                }
                _ => (is_listed, may_repeat) = (false, true),
            }
        }
        let count = offset(self.keys.len() - start);
        let set = if is_listed {
            KeySet { bits, start: offset(start), count }
        } else {
            self.keys.truncate(start);
            KeySet { bits: u64::MAX, start: offset(start), count: UNLISTED }
        };
        self.sets.push(set);
        (offset(self.sets.len() - 1), may_repeat)
    }

    /// The mapping has these keys, whatever is written.
    pub(super) fn replace(&mut self, number: u32, arena: Arena<'_>, keys: impl Iterator<Item = NodeId>) {
        let bits = keys.fold(0, |bits, key| match arena.node(arena.resolve(key)) {
            Some(node) if node.has(flag::SCALAR) => bits | key_bit(key_hash(arena.text(node.text))),
            _ => u64::MAX,
        });
        if let Some(set) = self.sets.get_mut(number as usize) {
            *set = KeySet { bits, start: 0, count: UNLISTED };
        }
    }

    /// Adds the keys of a mapping to `filter`; false if they are not listed.
    pub(super) fn add_to(&self, number: u32, filter: &mut KeyFilter) -> bool {
        let Some(set) = self.sets.get(number as usize).filter(|set| set.count != UNLISTED) else {
            return false;
        };
        let start = set.start as usize;
        for key in self.keys.get(start..start + set.count as usize).unwrap_or_default() {
            filter.add(key.hash);
        }
        true
    }

    #[inline]
    pub(super) fn lookup(&self, number: u32, key: &str) -> Lookup<'_> {
        let Some(set) = self.sets.get(number as usize) else { return Lookup::Unknown };
        let hash = key_hash(key);
        if set.bits & key_bit(hash) == 0 {
            return Lookup::Absent;
        }
        if set.count == UNLISTED {
            return Lookup::Unknown;
        }
        let start = set.start as usize;
        Lookup::Among(self.keys.get(start..start + set.count as usize).unwrap_or_default(), hash)
    }
}

/// Which keys some mappings may have, whichever of them has it.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeyFilter([u64; 4]);

impl KeyFilter {
    fn add(&mut self, hash: u32) {
        // Other bits of the hash than `key_bit` uses.
        if let Some(word) = self.0.get_mut((hash >> 6) as usize % 4) {
            *word |= key_bit(hash);
        }
    }

    pub(super) fn add_text(&mut self, key: &str) {
        self.add(key_hash(key));
    }

    /// Whether one of the mappings may have the key: if not, none has.
    pub fn may_have(&self, key: &str) -> bool {
        let hash = key_hash(key);
        self.0.get((hash >> 6) as usize % 4).is_some_and(|word| word & key_bit(hash) != 0)
    }
}

impl HashedKey {
    /// Whether the hash is that of the key looked for: its text is still to be compared.
    #[inline]
    pub(super) fn may_be(self, hash: u32) -> bool {
        self.hash == hash
    }
}

/// A number that different keys of one mapping hardly ever share: made of their length and their first, last
/// and middle bytes.
#[inline]
pub(crate) const fn key_hash(key: &str) -> u32 {
    let bytes = key.as_bytes();
    let mut ends = 0;
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        ends = u32::from_le_bytes(*first) ^ u32::from_le_bytes(*last).rotate_left(11);
    } else {
        let mut at = 0;
        while at < bytes.len() {
            ends = ends << 8 | bytes[at] as u32;
            at += 1;
        }
    }
    let middle = if bytes.is_empty() { 0 } else { bytes[bytes.len() / 2] as u32 };
    let length = bytes.len().to_le_bytes()[0] as u32;
    // The multiplier of MurmurHash3's finalizer spreads the bits.
    let mixed = (ends ^ middle << 16 ^ length << 24).wrapping_mul(0x85eb_ca6b);
    mixed ^ mixed >> 15
}

#[inline]
const fn key_bit(hash: u32) -> u64 {
    1 << (hash % 64)
}

/// Whether two keys of a mapping are equal.
pub(super) fn has_duplicates(arena: Arena<'_>, mapping: NodeId) -> bool {
    let mut seen = HashSet::new();
    arena.children(mapping).step_by(2).any(|key| !seen.insert(arena.key_value(key)))
}
