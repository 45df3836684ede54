//! Reading a tree: values, entries, aliases resolved on the way.

use super::keys::{Arena, Children, KeyValue};
use super::number::{self, Int};
use super::scanner::Style;
use super::tree::{NO_NODE, Node, NodeId, NodeKind, Pair, Tree, flag};
use super::{binary, tags, timestamp};
use crate::source::Span;
use std::borrow::Cow;

mod lookup;

pub(super) use lookup::LargeMappings;

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`, `~`, nothing.
    Null,
    /// True or false.
    Bool,
    /// An integer of any size.
    Int,
    /// A float.
    Float,
    /// Text.
    Str,
    /// A day.
    Date,
    /// A day with a time.
    DateTime,
    /// Bytes.
    Binary,
    /// A list; also `!!omap` and `!!pairs`, whose items are lists of two.
    Seq,
    /// A mapping.
    Map,
    /// `!!set`
    Set,
}

impl Kind {
    /// The short name that `soalint read` uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Float => "float",
            Self::Str => "str",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Binary => "binary",
            Self::Seq => "seq",
            Self::Map => "map",
            Self::Set => "set",
        }
    }
}

/// Marks an item of `!!omap` or `!!pairs`: a one-entry mapping that is read as a list of two.
const PAIR: u32 = 1 << 31;

/// One value of a tree. Aliases are resolved: it is what the alias means, and knows where that was used.
#[derive(Clone, Copy)]
pub struct Value<'t> {
    tree: &'t Tree,
    id: NodeId,
    /// The alias that led here, here or further out.
    site: NodeId,
}

impl std::fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} at {}..{}", self.kind(), self.span().start, self.span().end)
    }
}

impl<'t> Value<'t> {
    pub(super) fn new(tree: &'t Tree, id: NodeId) -> Self {
        Self::at(tree, id, NO_NODE)
    }

    fn at(tree: &'t Tree, id: NodeId, site: NodeId) -> Self {
        let target = tree.resolve(id);
        let site = if target != id && site == NO_NODE { id } else { site };
        Self { tree, id: target, site }
    }

    fn node(self) -> &'t Node {
        self.tree.node(self.id & !PAIR)
    }

    /// The tree that holds the value.
    pub const fn tree(self) -> &'t Tree {
        self.tree
    }

    /// Identifies the node: equal for an anchor's value and all its aliases.
    pub const fn id(self) -> u32 {
        self.id
    }

    /// The value's type.
    pub fn kind(self) -> Kind {
        if self.id & PAIR != 0 {
            return Kind::Seq;
        }
        match self.node().kind {
            NodeKind::Null => Kind::Null,
            NodeKind::Bool => Kind::Bool,
            NodeKind::Int => Kind::Int,
            NodeKind::Float => Kind::Float,
            NodeKind::Date => Kind::Date,
            NodeKind::DateTime => Kind::DateTime,
            NodeKind::Binary => Kind::Binary,
            NodeKind::Seq | NodeKind::Pairs => Kind::Seq,
            NodeKind::Map => Kind::Map,
            NodeKind::Set => Kind::Set,
            // What cannot be constructed only survives where nothing looks at it as more than a text or shape.
            _ if self.node().has(flag::SEQUENCE) => Kind::Seq,
            _ if self.node().has(flag::MAPPING) => Kind::Map,
            _ => Kind::Str,
        }
    }

    /// Where the content is written; the anchor's text if an alias led here.
    pub fn span(self) -> Span {
        self.node().span
    }

    /// Where the value is used: the alias that led to it or to what holds it, else `span`.
    pub fn site(self) -> Span {
        if self.site == NO_NODE { self.span() } else { self.tree.node(self.site).span }
    }

    /// Whether an alias led here.
    pub const fn is_alias(self) -> bool {
        self.site != NO_NODE
    }

    /// How the value is written.
    pub fn style(self) -> Style {
        self.node().style
    }

    /// The exact source text of the content, with quotes.
    pub fn raw(self) -> &'t str {
        self.span().of(self.tree.text())
    }

    /// Name of the anchor at the content.
    pub fn anchor(self) -> Option<&'t str> {
        if !self.node().has(flag::ANCHOR) {
            return None;
        }
        let id = self.id & !PAIR;
        let at = self.tree.anchors.binary_search_by_key(&id, |anchor| anchor.node).ok()?;
        self.tree.anchors.get(at).map(|anchor| anchor.name.of(self.tree.text()))
    }

    /// The explicit tag, with its handle resolved.
    pub fn tag(self) -> Option<Cow<'t, str>> {
        if !self.node().has(flag::TAG) {
            return None;
        }
        let id = self.id & !PAIR;
        let at = self.tree.tags.binary_search_by_key(&id, |entry| entry.0).ok()?;
        self.tree.tags.get(at).map(|entry| entry.1.of(self.tree.text(), &self.tree.side))
    }

    // Scalars.

    /// Whether the value is written as a scalar.
    pub fn is_scalar(self) -> bool {
        self.id & PAIR == 0 && self.node().has(flag::SCALAR)
    }

    /// A scalar's text after unescaping and folding, whatever its type.
    pub fn text(self) -> &'t str {
        if self.node().has(flag::SCALAR) { self.tree.text_of(self.node()) } else { "" }
    }

    /// The text of a string; `None` for every other type.
    pub fn as_str(self) -> Option<&'t str> {
        (self.kind() == Kind::Str).then(|| self.text())
    }

    /// A boolean's value.
    pub fn as_bool(self) -> Option<bool> {
        if self.kind() == Kind::Bool { tags::truth(self.text()) } else { None }
    }

    /// An integer that fits 64 bits.
    pub fn as_i64(self) -> Option<i64> {
        match self.int()? {
            Int::Small(number) => Some(number),
            Int::Big(_) => None,
        }
    }

    fn int(self) -> Option<Int> {
        if self.kind() == Kind::Int { number::parse_int(self.text()).ok() } else { None }
    }

    /// A float's value; `None` for integers.
    pub fn as_f64(self) -> Option<f64> {
        if self.kind() == Kind::Float { number::parse_float(self.text()).ok() } else { None }
    }

    /// An integer's or float's value as the nearest float; never a boolean's.
    pub fn as_number(self) -> Option<f64> {
        self.as_f64().or_else(|| self.int().map(|number| number.to_f64()))
    }

    /// The bytes of a binary value.
    pub fn as_bytes(self) -> Option<Vec<u8>> {
        if self.kind() == Kind::Binary { binary::decode_base64(self.text()).ok() } else { None }
    }

    /// Whether the value is null.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// A scalar as Python shows it: `repr` of numbers, ISO text of dates, lower-case hexadecimal of
    /// bytes, `null`, `true`, `false`, and the text of strings. Empty for collections.
    pub fn repr(self) -> Cow<'t, str> {
        let text = self.text();
        match self.kind() {
            Kind::Null => "null".into(),
            Kind::Bool => if self.as_bool() == Some(true) { "true" } else { "false" }.into(),
            Kind::Int => self.int().map_or(text.into(), |number| number.to_string().into()),
            Kind::Float => self.as_f64().map_or(text.into(), |number| number::float_repr(number).into()),
            Kind::Date | Kind::DateTime => match timestamp::parse(text) {
                Some(Ok(stamp)) => stamp.isoformat().into(),
                _ => text.into(),
            },
            Kind::Binary => {
                use std::fmt::Write as _;
                self.as_bytes().unwrap_or_default().iter().fold(String::new(), |mut out, byte| {
                    // Writing to a string cannot fail.
                    let _ = write!(out, "{byte:02x}");
                    out
                })
            }
            .into(),
            _ => text.into(),
        }
    }

    /// Whether two values are equal as mapping keys in Python: `1`, `1.0` and `true` are.
    pub fn equals_key(self, other: Value<'_>) -> bool {
        match (self.key_value(), other.key_value()) {
            (KeyValue::Node(_), _) | (_, KeyValue::Node(_)) => false,
            (ours, theirs) => ours == theirs,
        }
    }

    fn arena(self) -> Arena<'t> {
        Arena { nodes: &self.tree.nodes, text: self.tree.text(), side: &self.tree.side }
    }

    fn key_value(self) -> KeyValue<'t> {
        self.arena().key_value(self.id)
    }

    // Collections.

    /// Number of items or effective entries; 0 for scalars.
    pub fn len(self) -> usize {
        match self.kind() {
            Kind::Seq => self.node().count() as usize,
            Kind::Map | Kind::Set => match self.effective() {
                Some(pairs) => pairs.len(),
                None => self.node().count() as usize / 2,
            },
            _ => 0,
        }
    }

    /// Whether there are no items or entries.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    fn effective(self) -> Option<&'t [Pair]> {
        if !self.node().has(flag::EFFECTIVE) {
            return None;
        }
        let effective = &self.tree.effective;
        let at = effective.binary_search_by_key(&self.id, |(id, _)| *id).ok()?;
        let (_, (start, end)) = *effective.get(at)?;
        self.tree.pairs.get(start as usize..end as usize)
    }

    fn children(self) -> Children<'t> {
        self.arena().children(self.id & !PAIR)
    }

    /// Items of a list, or members of a set in the order written; nothing for other types.
    pub fn items(self) -> Items<'t> {
        let inner = match self.kind() {
            Kind::Seq => {
                let pairs = self.id & PAIR == 0 && self.node().kind == NodeKind::Pairs;
                ItemsInner::Children { children: self.children(), pairs }
            }
            Kind::Set => ItemsInner::Keys(self.entries()),
            _ => ItemsInner::Children {
                children: Arena { nodes: &[], text: "", side: "" }.children(0),
                pairs: false,
            },
        };
        Items { owner: self, inner }
    }

    /// Entries as the mapping has them after merging and overriding, in PyYAML's order.
    pub fn entries(self) -> Entries<'t> {
        let inner = match (self.kind(), self.effective()) {
            (Kind::Map | Kind::Set, Some(pairs)) => EntriesInner::Effective(pairs.iter()),
            (Kind::Map | Kind::Set, None) => EntriesInner::Written(self.children()),
            _ => EntriesInner::Effective([].iter()),
        };
        Entries { owner: self, inner }
    }

    /// Entries as written, merge keys and overridden ones included.
    pub fn own_entries(self) -> Entries<'t> {
        let inner = match self.kind() {
            Kind::Map | Kind::Set => EntriesInner::Written(self.children()),
            _ => EntriesInner::Effective([].iter()),
        };
        Entries { owner: self, inner }
    }

    /// The value of this string key.
    pub fn get(self, key: &str) -> Option<Value<'t>> {
        self.entry(key).map(|entry| entry.value)
    }

    fn child(self, id: NodeId) -> Value<'t> {
        Value::at(self.tree, id, self.site)
    }
}

/// One entry of a mapping.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'t> {
    /// The key.
    pub key: Value<'t>,
    /// The value.
    pub value: Value<'t>,
    merge: NodeId,
}

impl Entry<'_> {
    /// From the key to the end of the value, as far as both are written in one place.
    pub fn span(&self) -> Span {
        let value = if self.value.site == self.key.site { self.value.span() } else { self.value.site() };
        self.key.span().to(value)
    }

    /// The `<<` key that brought the entry into the mapping.
    pub fn merged_from(&self) -> Option<Span> {
        (self.merge != NO_NODE).then(|| self.key.tree.node(self.merge).span)
    }

    /// Whether this is a merge key as written (only `own_entries` has those).
    pub fn is_merge_key(&self) -> bool {
        self.key.node().kind == NodeKind::Merge
    }
}

/// Items of a list or set.
pub struct Items<'t> {
    owner: Value<'t>,
    inner: ItemsInner<'t>,
}

enum ItemsInner<'t> {
    Children { children: Children<'t>, pairs: bool },
    Keys(Entries<'t>),
}

impl<'t> Iterator for Items<'t> {
    type Item = Value<'t>;

    fn next(&mut self) -> Option<Value<'t>> {
        match &mut self.inner {
            ItemsInner::Children { children, pairs } => {
                let mut value = self.owner.child(children.next()?);
                if *pairs {
                    value.id |= PAIR;
                }
                Some(value)
            }
            ItemsInner::Keys(entries) => entries.next().map(|entry| entry.key),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.inner {
            ItemsInner::Children { children, .. } => children.size_hint(),
            ItemsInner::Keys(entries) => entries.size_hint(),
        }
    }
}

impl ExactSizeIterator for Items<'_> {}

/// Entries of a mapping.
pub struct Entries<'t> {
    owner: Value<'t>,
    inner: EntriesInner<'t>,
}

enum EntriesInner<'t> {
    Written(Children<'t>),
    Effective(std::slice::Iter<'t, Pair>),
}

impl<'t> Entries<'t> {
    fn entry(&self, pair: Pair) -> Entry<'t> {
        let site = if self.owner.site == NO_NODE { pair.site } else { self.owner.site };
        let owner = Value { site, ..self.owner };
        Entry { key: owner.child(pair.key), value: owner.child(pair.value), merge: pair.merge }
    }
}

impl<'t> Iterator for Entries<'t> {
    type Item = Entry<'t>;

    #[inline]
    fn next(&mut self) -> Option<Entry<'t>> {
        let pair = match &mut self.inner {
            EntriesInner::Written(children) => {
                let (key, value) = (children.next()?, children.next()?);
                Pair { key, value, merge: NO_NODE, site: NO_NODE }
            }
            EntriesInner::Effective(pairs) => *pairs.next()?,
        };
        Some(self.entry(pair))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let size = match &self.inner {
            EntriesInner::Written(children) => children.size_hint().0 / 2,
            EntriesInner::Effective(pairs) => pairs.len(),
        };
        (size, Some(size))
    }
}

impl ExactSizeIterator for Entries<'_> {}
