//! From events to the arena of nodes: anchors, aliases, types of scalars, budgets.

use super::chars::{offset, python_str};
use super::error::{Error, ErrorKind, Fault, Faulty};
use super::keys::{Arena, KeyIndex, has_duplicates};
use super::parser::{Event, EventKind, Parser, Properties};
use super::scalar::{Scalar, resolve_plain};
use super::scanner::{Style, Tag, Text};
use super::tree::{Anchor, Node, NodeId, NodeKind, flag};
use super::{Budget, Cause, number, tags, timestamp};
use crate::source::{SourceText, Span};
use std::collections::HashMap;
use std::sync::Arc;

/// Turns a fault into an error with its likely cause and its text.
pub(super) fn finish_error(fault: Fault, text: String) -> Box<Error> {
    let (cause, span) = super::diagnose::diagnose(&fault, &text);
    Box::new(Error {
        kind: fault.kind,
        exception: fault.exception,
        problem: fault.problem,
        mark: fault.mark,
        span,
        context: fault.context.map(|(words, span)| (words.to_owned(), span)),
        cause,
        source: Arc::new(SourceText::new(text)),
    })
}

/// An anchor as aliases need it.
struct Named {
    index: usize,
    /// Nodes within, aliases counted as what they mean.
    size: u64,
    /// Levels within, aliases likewise.
    height: u32,
    complete: bool,
}

/// Longest key. YAML itself takes no more than 1024 characters unless the key follows a `?`.
const MAX_KEY_BYTES: u32 = 16 << 10;

/// An open collection.
struct Frame {
    node: NodeId,
    count: u32,
    /// Nodes and aliased nodes before this collection.
    expanded_before: u64,
    height: u32,
    /// Where the last child ends.
    end: u32,
    merge_key: Option<NodeId>,
    anchor: Span,
    mapping: bool,
}

/// The composer's state and result.
pub(super) struct Composer<'a, 'b> {
    text: &'a str,
    pub(super) parser: Parser<'a>,
    budget: &'b Budget,
    pub(super) nodes: Vec<Node>,
    frames: Vec<Frame>,
    names: HashMap<&'a str, Named>,
    pub(super) anchors: Vec<Anchor>,
    pub(super) tags: Vec<(NodeId, Tag, Span)>,
    pub(super) keys: KeyIndex,
    /// Mappings with equal keys, found where nothing else makes the mapping special.
    pub(super) duplicates: Vec<NodeId>,
    pub(super) repeated_merges: Vec<(Span, Span)>,
    /// Whether constructing can fail or merge, so that it has to be played through.
    pub(super) needs_construction: bool,
    /// An alias within its own anchor; reported when nothing else is wrong.
    pub(super) recursion: Option<Box<Fault>>,
    expanded: u64,
}

impl<'a, 'b> Composer<'a, 'b> {
    pub(super) fn new(text: &'a str, ascii: bool, budget: &'b Budget) -> Self {
        Self {
            text,
            parser: Parser::new(text, ascii),
            budget,
            // About one node in eleven bytes in real configurations.
            nodes: Vec::with_capacity(text.len() / 10 + 4),
            frames: Vec::with_capacity(8),
            names: HashMap::new(),
            anchors: Vec::new(),
            tags: Vec::new(),
            keys: KeyIndex::default(),
            duplicates: Vec::new(),
            repeated_merges: Vec::new(),
            needs_construction: false,
            recursion: None,
            expanded: 0,
        }
    }

    /// Composes the only document of the stream.
    pub(super) fn compose(&mut self) -> Faulty<()> {
        self.parser.next()?;
        let document = self.parser.next()?;
        if document.kind == EventKind::StreamEnd {
            self.push_node(NodeKind::Null, &document, flag::SCALAR)?;
            return Ok(());
        }
        loop {
            let event = self.parser.next()?;
            self.take(&event)?;
            if self.frames.is_empty() {
                break;
            }
        }
        self.parser.next()?;
        self.names.clear();
        let next = self.parser.next()?;
        if next.kind == EventKind::StreamEnd {
            return Ok(());
        }
        Err(Fault::new(ErrorKind::Composer, "but found another document", Span::at(next.span.start))
            .context("expected a single document in the stream", document.span)
            .cause(Cause::SeveralDocuments))
    }

    #[inline]
    fn take(&mut self, event: &Event) -> Faulty<()> {
        match event.kind {
            EventKind::Scalar => self.scalar(event),
            EventKind::MappingStart => self.open(event, NodeKind::Map, flag::MAPPING),
            EventKind::SequenceStart => self.open(event, NodeKind::Seq, flag::SEQUENCE),
            EventKind::MappingEnd | EventKind::SequenceEnd => {
                self.close(event);
                Ok(())
            }
            EventKind::Alias => self.alias(event),
            EventKind::StreamStart
            | EventKind::StreamEnd
            | EventKind::DocumentStart
            | EventKind::DocumentEnd => Ok(()),
        }
    }

    fn resolve(&self, text: Text) -> &str {
        text.of(self.text, &self.parser.scanner.side)
    }

    // Nodes.

    #[inline]
    fn push_node(&mut self, kind: NodeKind, event: &Event, flags: u16) -> Faulty<NodeId> {
        let id = offset(self.nodes.len());
        if id >= self.budget.max_nodes {
            let problem = format!("more than {} values in one file", self.budget.max_nodes);
            return Err(self.over_budget(problem, event));
        }
        self.expanded += 1;
        self.nodes.push(Node {
            span: Span::new(event.content, event.span.end),
            text: event.text,
            next: id + 1,
            flags,
            kind,
            style: event.style,
        });
        Ok(id)
    }

    #[expect(clippy::unused_self, reason = "reads like the other faults")]
    fn over_budget(&self, problem: String, event: &Event) -> Box<Fault> {
        Fault::new(ErrorKind::Budget, problem, event.span).cause(Cause::Limit)
    }

    #[inline]
    fn scalar(&mut self, event: &Event) -> Faulty<()> {
        if event.has_properties {
            return self.scalar_with_properties(event);
        }
        self.refuse_long_key(event.text, event)?;
        let kind = if event.style == Style::Plain { self.plain_kind(event.text) } else { NodeKind::Str };
        let id = self.push_node(kind, event, flag::SCALAR)?;
        self.child(id, 0, event.span.end);
        Ok(())
    }

    /// A key names everything below it, in every finding.
    #[inline]
    fn refuse_long_key(&self, text: Text, event: &Event) -> Faulty<()> {
        let is_key = || self.frames.last().is_some_and(|frame| frame.mapping && frame.count % 2 == 0);
        if text.len() > MAX_KEY_BYTES && is_key() {
            return Err(self.over_budget(format!("a key of more than {MAX_KEY_BYTES} bytes"), event));
        }
        Ok(())
    }

    fn scalar_with_properties(&mut self, event: &Event) -> Faulty<()> {
        self.refuse_long_key(event.text, event)?;
        let properties = self.parser.properties_of(event);
        let kind = match properties.tag {
            Some(tag) => self.tagged_scalar_kind(tag, event.text),
            None if event.style == Style::Plain => self.plain_kind(event.text),
            None => NodeKind::Str,
        };
        let id = self.push_node(kind, event, flag::SCALAR)?;
        self.add_properties(id, properties, event)?;
        if let Some(named) = self.names.get_mut(properties.anchor.of(self.text)) {
            named.complete = true;
        }
        self.child(id, 0, event.span.end);
        Ok(())
    }

    fn plain_kind(&mut self, text: Text) -> NodeKind {
        let text = text.of(self.text, &self.parser.scanner.side);
        match resolve_plain(text) {
            Scalar::Str => NodeKind::Str,
            Scalar::Null => NodeKind::Null,
            Scalar::Bool(_) => NodeKind::Bool,
            Scalar::Float => NodeKind::Float,
            Scalar::Int => {
                // Only texts like `0x_` and very long ones can fail.
                if text.len() > 18 || text.contains('_') {
                    self.needs_construction |= number::parse_int(text).is_err();
                }
                NodeKind::Int
            }
            kind @ (Scalar::Date | Scalar::DateTime) => {
                self.needs_construction |= !matches!(timestamp::parse(text), Some(Ok(_)));
                if kind == Scalar::Date { NodeKind::Date } else { NodeKind::DateTime }
            }
            Scalar::Merge => {
                self.needs_construction = true;
                NodeKind::Merge
            }
            Scalar::Value => {
                self.needs_construction = true;
                NodeKind::Equals
            }
        }
    }

    fn tagged_scalar_kind(&mut self, tag: Tag, text: Text) -> NodeKind {
        let name = tag.short(self.text, &self.parser.scanner.side);
        if name == "!" {
            let kind = self.plain_kind(text);
            // Such as `! "!"`: a tag of YAML's own that nothing constructs.
            if matches!(self.resolve(text), "!" | "&" | "*") {
                self.needs_construction = true;
                return NodeKind::Foreign;
            }
            return kind;
        }
        let kind = tags::scalar_kind(&name, self.resolve(text));
        self.needs_construction |= kind != NodeKind::Str;
        kind
    }

    fn add_properties(&mut self, id: NodeId, properties: Properties, event: &Event) -> Faulty<()> {
        let mut flags = 0;
        if let Some(tag) = properties.tag {
            flags |= flag::TAG;
            self.tags.push((id, tag, event.span));
        }
        if !properties.anchor.is_empty() {
            flags |= flag::ANCHOR;
            let name = properties.anchor.of(self.text);
            if let Some(first) = self.names.get(name).and_then(|named| self.anchors.get(named.index)) {
                let (first, mark) = (first.name, Span::at(event.span.start));
                return Err(Fault::new(ErrorKind::Composer, "second occurrence", mark)
                    .context("found duplicate anchor; first occurrence", first)
                    .cause(Cause::DuplicateAnchor(name.to_owned())));
            }
            let index = self.anchors.len();
            self.anchors.push(Anchor { name: properties.anchor, uses: 0, node: id });
            self.names.insert(name, Named { index, size: 1, height: 0, complete: false });
        }
        if let Some(node) = self.nodes.get_mut(id as usize) {
            node.flags |= flags;
        }
        Ok(())
    }

    fn alias(&mut self, event: &Event) -> Faulty<()> {
        let name = event.text.of(self.text, "");
        let Some(named) = self.names.get(name) else {
            let problem = format!("found undefined alias {}", python_str(name));
            return Err(Fault::new(ErrorKind::Composer, problem, Span::at(event.span.start))
                .cause(Cause::UndefinedAlias(name.to_owned())));
        };
        let (size, height, index, complete) = (named.size, named.height, named.index, named.complete);
        let mut target = 0;
        if let Some(anchor) = self.anchors.get_mut(index) {
            anchor.uses += 1;
            target = anchor.node;
        }
        if !complete && !self.merges_itself(target) && self.recursion.is_none() {
            let problem = format!("alias *{name} stands within the value that it names");
            self.recursion = Some(self.over_budget(problem, event));
        }
        self.expanded = self.expanded.saturating_add(size);
        if self.expanded > self.budget.max_alias_expansion {
            let problem = format!("aliases expand to more than {} values", self.budget.max_alias_expansion);
            return Err(self.over_budget(problem, event));
        }
        if self.frames.len() + height as usize > self.budget.max_depth {
            return Err(self.too_deep(event));
        }
        if let Some(node) = self.nodes.get(target as usize).filter(|node| node.has(flag::SCALAR)) {
            self.refuse_long_key(node.text, event)?;
        }
        let id = self.push_node(NodeKind::Alias, event, flag::SCALAR)?;
        if let Some(node) = self.nodes.get_mut(id as usize) {
            node.text = Text::numbers(target, 0);
        }
        self.child(id, height, event.span.end);
        Ok(())
    }

    /// Whether an alias here is the value of a merge key of the very mapping it means, which adds nothing.
    fn merges_itself(&self, target: NodeId) -> bool {
        let last = offset(self.nodes.len()).checked_sub(1);
        self.frames
            .last()
            .is_some_and(|frame| frame.node == target && last.is_some() && frame.merge_key == last)
    }

    fn too_deep(&self, event: &Event) -> Box<Fault> {
        let problem = format!("values nested more than {} deep", self.budget.max_depth);
        self.over_budget(problem, event)
    }

    // Collections.

    fn open(&mut self, event: &Event, kind: NodeKind, shape: u16) -> Faulty<()> {
        if self.frames.len() >= self.budget.max_depth {
            return Err(self.too_deep(event));
        }
        let properties = self.parser.properties_of(event);
        let kind = match properties.tag {
            None => kind,
            Some(tag) => {
                let name = tag.short(self.text, &self.parser.scanner.side);
                self.needs_construction |= name != "!";
                tags::collection_kind(&name, kind)
            }
        };
        let expanded_before = self.expanded;
        let node = self.push_node(kind, event, shape)?;
        if event.has_properties {
            self.add_properties(node, properties, event)?;
        }
        self.frames.push(Frame {
            node,
            count: 0,
            expanded_before,
            height: 0,
            end: event.span.end,
            merge_key: None,
            anchor: properties.anchor,
            mapping: shape == flag::MAPPING,
        });
        Ok(())
    }

    fn close(&mut self, event: &Event) {
        let Some(frame) = self.frames.pop() else { return };
        let next = offset(self.nodes.len());
        let Some(node) = self.nodes.get_mut(frame.node as usize) else { return };
        node.next = next;
        node.text = Text::numbers(frame.count, 0);
        node.span.end = if node.style == Style::Flow { event.span.end.max(frame.end) } else { frame.end };
        // A pair without braces in a flow sequence ends with its value.
        if node.style == Style::Flow && event.span.is_empty() {
            node.span.end = frame.end;
        }
        let end = node.span.end;
        let special = node.has(flag::SPECIAL_KEYS);
        if frame.mapping {
            let arena = Arena { nodes: &self.nodes, text: self.text, side: &self.parser.scanner.side };
            let (keys, may_repeat) = self.keys.add(arena, frame.node);
            if !special && may_repeat && has_duplicates(arena, frame.node) {
                self.duplicates.push(frame.node);
            }
            if let Some(node) = self.nodes.get_mut(frame.node as usize) {
                node.text = Text::numbers(frame.count, keys);
            }
        }
        if !frame.anchor.is_empty()
            && let Some(named) = self.names.get_mut(frame.anchor.of(self.text))
        {
            named.complete = true;
            named.size = self.expanded - frame.expanded_before;
            named.height = frame.height + 1;
        }
        self.child(frame.node, frame.height + 1, end);
    }

    /// Accounts for a finished node in its parent.
    #[inline]
    fn child(&mut self, id: NodeId, height: u32, end: u32) {
        let Some(frame) = self.frames.last_mut() else { return };
        let position = frame.count;
        frame.count += 1;
        frame.height = frame.height.max(height);
        frame.end = frame.end.max(end);
        if frame.mapping && position % 2 == 0 {
            let parent = frame.node;
            self.mapping_key(parent, id);
        }
    }

    #[inline]
    fn mapping_key(&mut self, parent: NodeId, key: NodeId) {
        let Some(node) = self.nodes.get(key as usize) else { return };
        let span = node.span;
        let target = if node.kind == NodeKind::Alias { node.text.raw().0 } else { key };
        let kind = self.nodes.get(target as usize).map_or(NodeKind::Null, |node| node.kind);
        match kind {
            NodeKind::Str | NodeKind::Int | NodeKind::Null | NodeKind::Bool | NodeKind::Float => return,
            NodeKind::Merge | NodeKind::Equals => {
                if let Some(parent) = self.nodes.get_mut(parent as usize) {
                    parent.flags |= flag::SPECIAL_KEYS;
                }
                if kind == NodeKind::Merge
                    && let Some(frame) = self.frames.last_mut()
                    && let Some(first) = frame.merge_key.replace(key)
                    && let Some(first) = self.nodes.get(first as usize)
                {
                    self.repeated_merges.push((first.span, span));
                }
            }
            _ => {}
        }
        self.needs_construction = true;
    }
}
