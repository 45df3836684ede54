//! One flat arena of nodes in the order of the text, and what few nodes need beside it.

use super::keys::KeyIndex;
use super::loaders::LoaderNotice;
use super::scanner::{Style, Tag, Text};
use super::value::{LargeMappings, Value};
use crate::source::{SourceText, Span};
use std::sync::{Arc, OnceLock};

/// Index of a node; the root is node 0.
pub(super) type NodeId = u32;

/// What the constructor makes of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum NodeKind {
    Null,
    Bool,
    Int,
    Float,
    Str,
    Date,
    DateTime,
    Binary,
    Seq,
    Map,
    Set,
    /// `!!omap` and `!!pairs`: a sequence of one-entry mappings, read as pairs.
    Pairs,
    /// `<<`, which only a mapping key may be.
    Merge,
    /// `=`, likewise.
    Equals,
    /// A tag that the safe loader does not know, or one that does not fit the node.
    Foreign,
    /// `text` is the number of the node that is meant.
    Alias,
}

/// Bits of `Node::flags`.
pub(super) mod flag {
    /// An anchor precedes the content.
    pub(in crate::yaml) const ANCHOR: u16 = 1;
    /// An explicit tag precedes the content.
    pub(in crate::yaml) const TAG: u16 = 2;
    /// The mapping's entries differ from those written: see `Tree::effective`.
    pub(in crate::yaml) const EFFECTIVE: u16 = 4;
    /// The mapping is written with merge keys or a key `=`.
    pub(in crate::yaml) const SPECIAL_KEYS: u16 = 8;
    /// Written as a scalar, whatever is made of it.
    pub(in crate::yaml) const SCALAR: u16 = 16;
    /// Written as a sequence.
    pub(in crate::yaml) const SEQUENCE: u16 = 32;
    /// Written as a mapping.
    pub(in crate::yaml) const MAPPING: u16 = 64;
}

/// One node. Its children, if any, are the nodes that follow it up to `next`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// Of the content, without anchor and tag.
    pub(super) span: Span,
    /// A scalar's value; use `count` and `target` for other kinds.
    pub(super) text: Text,
    /// The node after this one's last descendant.
    pub(super) next: NodeId,
    pub(super) flags: u16,
    pub(super) kind: NodeKind,
    pub(super) style: Style,
}

impl Node {
    /// Number of children: items, or keys and values together.
    pub(super) fn count(&self) -> u32 {
        self.text.raw().0
    }

    /// Where a mapping's keys are in the [`KeyIndex`].
    pub(super) fn keys(&self) -> u32 {
        self.text.raw().1
    }

    pub(super) fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }
}

/// A comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// From `#` to the end of the line.
    pub span: Span,
}

/// An anchor and how often it is used.
#[derive(Clone, Copy, Debug)]
pub struct Anchor {
    /// The name, without `&`.
    pub name: Span,
    /// Number of aliases that name it.
    pub uses: u32,
    pub(super) node: NodeId,
}

/// Something that PyYAML accepts and that is worth a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The same key twice in one mapping; the later value counts.
    DuplicateKey {
        /// The key as text.
        key: String,
        /// The earlier key.
        first: Span,
        /// The later key, whose value counts.
        second: Span,
    },
    /// More than one `<<` in one mapping.
    RepeatedMergeKey {
        /// The earlier `<<`.
        first: Span,
        /// The later one.
        second: Span,
    },
    /// An anchor that no alias names.
    UnusedAnchor {
        /// The anchor's name.
        name: String,
        /// Where it stands, without `&`.
        span: Span,
    },
    /// PyYAML, libyaml and older versions do not agree about this text.
    LoadersDisagree(LoaderNotice),
}

impl Notice {
    /// The place that the notice is about.
    pub const fn span(&self) -> Span {
        match self {
            Self::DuplicateKey { second, .. } | Self::RepeatedMergeKey { second, .. } => *second,
            Self::UnusedAnchor { span, .. } => *span,
            Self::LoadersDisagree(notice) => notice.span,
        }
    }
}

/// One entry of a mapping after merging and overriding.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub(super) key: NodeId,
    pub(super) value: NodeId,
    /// The `<<` key through which the entry came, `NO_NODE` for none.
    pub(super) merge: NodeId,
    /// The alias through which it came, `NO_NODE` for none.
    pub(super) site: NodeId,
}

pub(super) const NO_NODE: NodeId = u32::MAX;

/// One document, read.
#[derive(Debug)]
pub struct Tree {
    pub(super) source: Arc<SourceText>,
    pub(super) side: String,
    pub(super) nodes: Vec<Node>,
    pub(super) comments: Vec<Comment>,
    pub(super) notices: Vec<Notice>,
    pub(super) edged: Vec<NodeId>,
    pub(super) anchors: Vec<Anchor>,
    /// Tags by node, in the order of nodes.
    pub(super) tags: Vec<(NodeId, Tag, Span)>,
    /// Ranges of `pairs` for the mappings that need them, in the order of nodes.
    pub(super) effective: Vec<(NodeId, (u32, u32))>,
    pub(super) pairs: Vec<Pair>,
    pub(super) keys: KeyIndex,
    pub(super) large: OnceLock<LargeMappings>,
}

impl Tree {
    /// The text that all spans refer to.
    pub fn text(&self) -> &str {
        self.source.text()
    }

    /// The text with its lines.
    pub const fn source(&self) -> &Arc<SourceText> {
        &self.source
    }

    /// The document's value; null for an empty document.
    pub fn root(&self) -> Value<'_> {
        Value::new(self, 0)
    }

    /// The value with that [`Value::id`].
    pub fn value(&self, id: u32) -> Value<'_> {
        Value::new(self, id)
    }

    /// All comments, in order.
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// Strings in quotes or in block style that begin or end with blanks or line breaks, keys
    /// included, in the order of the text.
    pub fn edged(&self) -> impl Iterator<Item = Value<'_>> {
        self.edged.iter().map(|id| Value::new(self, *id))
    }

    /// What PyYAML accepts and a reader should know, in order of place.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// All anchors, in order.
    pub fn anchors(&self) -> &[Anchor] {
        &self.anchors
    }

    /// The value that an anchor names.
    pub fn anchored(&self, anchor: &Anchor) -> Value<'_> {
        Value::new(self, anchor.node)
    }

    /// The aliases in the order of the text: where each stands, and the value that it means.
    pub fn aliases(&self) -> impl Iterator<Item = (Span, Value<'_>)> {
        let aliases = self.nodes.iter().filter(|node| node.kind == NodeKind::Alias);
        aliases.map(|node| (node.span, Value::new(self, node.text.raw().0)))
    }

    /// Every value as written, keys included, in the order of the text; what an alias means comes
    /// once, at its anchor.
    pub fn values(&self) -> impl Iterator<Item = Value<'_>> {
        let ids = (0..).take(self.nodes.len());
        ids.filter(|id| self.node(*id).kind != NodeKind::Alias).map(|id| Value::new(self, id))
    }

    /// Number of nodes as written, aliases included.
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        static NOTHING: Node = Node {
            span: Span::new(0, 0),
            text: Text::source(0, 0),
            next: u32::MAX,
            flags: flag::SCALAR,
            kind: NodeKind::Null,
            style: Style::Plain,
        };
        self.nodes.get(id as usize).unwrap_or(&NOTHING)
    }

    /// The node itself, or the one an alias means.
    pub(super) fn resolve(&self, id: NodeId) -> NodeId {
        let node = self.node(id);
        if node.kind == NodeKind::Alias { node.text.raw().0 } else { id }
    }

    pub(super) fn text_of(&self, node: &Node) -> &str {
        node.text.of(self.source.text(), &self.side)
    }
}
