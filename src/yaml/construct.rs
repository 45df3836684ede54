//! Playing through what PyYAML's constructor does, for documents where that can fail or merge:
//! breadth first, so that the first of several problems is the one PyYAML reports.

use super::error::{ErrorKind, Fault, Faulty};
use super::keys::{Arena, KeyIndex, KeyValue};
use super::number::NumberError;
use super::scanner::{Tag, Text};
use super::tree::{NO_NODE, Node, NodeId, NodeKind, Pair, flag};
use super::{Budget, Cause, binary, number, tags, timestamp};
use crate::source::Span;
use std::collections::{HashMap, HashSet, VecDeque};

/// Entries of the mappings whose entries are not simply those written.
#[derive(Default)]
pub(super) struct Effective {
    pub(super) ranges: Vec<(NodeId, (u32, u32))>,
    pub(super) pairs: Vec<Pair>,
}

/// The constructor's state.
pub(super) struct Constructor<'t> {
    pub(super) text: &'t str,
    pub(super) side: &'t str,
    pub(super) nodes: &'t mut [Node],
    pub(super) tags: &'t [(NodeId, Tag, Span)],
    budget: &'t Budget,
    /// Mappings with their merges done.
    flattened: HashMap<NodeId, Vec<Pair>>,
    flattening: HashSet<NodeId>,
    merged: u64,
    constructed: Vec<bool>,
    pending: VecDeque<NodeId>,
}

impl<'t> Constructor<'t> {
    pub(super) fn new(
        text: &'t str,
        side: &'t str,
        nodes: &'t mut [Node],
        tags: &'t [(NodeId, Tag, Span)],
        budget: &'t Budget,
    ) -> Self {
        let constructed = vec![false; nodes.len()];
        Self {
            text,
            side,
            nodes,
            tags,
            budget,
            flattened: HashMap::new(),
            flattening: HashSet::new(),
            merged: 0,
            constructed,
            pending: VecDeque::new(),
        }
    }

    fn arena(&self) -> Arena<'_> {
        Arena { nodes: self.nodes, text: self.text, side: self.side }
    }

    fn node(&self, id: NodeId) -> Option<Node> {
        self.nodes.get(id as usize).copied()
    }

    fn children(&self, id: NodeId) -> Vec<NodeId> {
        self.arena().children(id).collect()
    }

    /// Constructs everything and merges what is merged.
    pub(super) fn run(&mut self) -> Faulty<()> {
        self.construct(0)?;
        while let Some(id) = self.pending.pop_front() {
            self.fill(id)?;
        }
        Ok(())
    }

    /// Makes a scalar, or an empty collection to be filled later.
    fn construct(&mut self, id: NodeId) -> Faulty<()> {
        let id = self.arena().resolve(id);
        match self.constructed.get_mut(id as usize) {
            Some(done) if !*done => *done = true,
            _ => return Ok(()),
        }
        let Some(node) = self.node(id) else { return Ok(()) };
        match node.kind {
            NodeKind::Seq | NodeKind::Map | NodeKind::Set | NodeKind::Pairs => {
                self.pending.push_back(id);
                Ok(())
            }
            NodeKind::Foreign => self.construct_foreign(id, node),
            NodeKind::Merge | NodeKind::Equals => {
                let (name, cause) = match node.kind {
                    NodeKind::Merge => ("merge", Cause::MergeTag),
                    _ => ("value", Cause::ValueTag),
                };
                let problem =
                    format!("could not determine a constructor for the tag 'tag:yaml.org,2002:{name}'");
                Err(self.fault(problem, id).cause(cause))
            }
            _ => self.construct_scalar(id, node),
        }
    }

    /// A fault at a node, anchor and tag included.
    fn fault(&self, problem: String, id: NodeId) -> Box<Fault> {
        let span = self.node(id).map(|node| node.span).unwrap_or_default();
        let start = match self.tags.binary_search_by_key(&id, |entry| entry.0) {
            Ok(at) => self.tags.get(at).map_or(span.start, |entry| entry.2.start),
            Err(_) => self.property_start(id, span),
        };
        Fault::new(ErrorKind::Constructor, problem, Span::new(start, span.end.max(start)))
    }

    /// Where a node with an anchor and no tag starts for PyYAML: at the `&`.
    fn property_start(&self, id: NodeId, span: Span) -> u32 {
        if !self.node(id).is_some_and(|node| node.has(flag::ANCHOR)) {
            return span.start;
        }
        let before = self.text.get(..span.start as usize).unwrap_or("");
        before.rfind('&').map_or(span.start, super::chars::offset)
    }

    fn construct_scalar(&self, id: NodeId, node: Node) -> Faulty<()> {
        let text = node.text.of(self.text, self.side);
        let number = |result: Result<(), NumberError>| {
            result.map_err(|error| {
                Fault::python(ErrorKind::Constructor, error.exception, error.problem, node.span)
                    .cause(Cause::BadScalar)
            })
        };
        match node.kind {
            NodeKind::Int => number(number::parse_int(text).map(drop)),
            NodeKind::Float => number(number::parse_float(text).map(drop)),
            NodeKind::Bool if tags::truth(text).is_none() => {
                let word = super::chars::python_str(&text.to_lowercase());
                number(Err(NumberError { exception: "KeyError", problem: word }))
            }
            NodeKind::Date | NodeKind::DateTime => match timestamp::parse(text) {
                Some(Ok(_)) => Ok(()),
                Some(Err(problem)) => number(Err(NumberError { exception: "ValueError", problem })),
                None => {
                    let problem = "'NoneType' object has no attribute 'groupdict'".to_owned();
                    number(Err(NumberError { exception: "AttributeError", problem }))
                }
            },
            NodeKind::Binary => self.check_binary(id, text),
            _ => Ok(()),
        }
    }

    fn check_binary(&self, id: NodeId, text: &str) -> Faulty<()> {
        if let Some(at) = text.chars().position(|c| !c.is_ascii()) {
            let run = text.chars().skip(at).take_while(|c| !c.is_ascii()).count();
            let place = if run > 1 {
                format!("characters in position {at}-{}", at + run - 1)
            } else {
                let shown = super::chars::python_escape(text.chars().nth(at).unwrap_or('\0'));
                format!("character '{shown}' in position {at}")
            };
            let problem = format!(
                "failed to convert base64 data into ascii: 'ascii' codec can't encode {place}: ordinal not in range(128)"
            );
            return Err(self.fault(problem, id).cause(Cause::BadScalar));
        }
        match binary::decode_base64(text) {
            Ok(_) => Ok(()),
            Err(problem) => {
                let problem = format!("failed to decode base64 data: {problem}");
                Err(self.fault(problem, id).cause(Cause::BadScalar))
            }
        }
    }

    /// A tag that is unknown, or known and wrong for the node.
    fn construct_foreign(&mut self, id: NodeId, node: Node) -> Faulty<()> {
        let tag = self.tag_name(id);
        let shape = shape_name(&node);
        match tag.strip_prefix("tag:yaml.org,2002:") {
            // Collections are filled later, and complain then.
            Some("seq" | "map" | "set" | "omap" | "pairs") => {
                self.pending.push_back(id);
                Ok(())
            }
            Some("timestamp") if self.default_value(id)?.is_some() => {
                let problem = "expected string or bytes-like object, got 'list'";
                Err(Fault::python(ErrorKind::Constructor, "TypeError", problem, node.span))
            }
            Some("str" | "null" | "bool" | "int" | "float" | "binary" | "timestamp") => {
                if let Some(value) = self.default_value(id)? {
                    return self.become_scalar(id, &tag, value);
                }
                Err(self.fault(format!("expected a scalar node, but found {shape}"), id))
            }
            _ => {
                let name = super::chars::python_str(&tag);
                let problem = format!("could not determine a constructor for the tag {name}");
                Err(self.fault(problem, id).cause(Cause::UnknownTag(tag)))
            }
        }
    }

    /// The text that a mapping has for a scalar tag: that of its key `=`, if it has one.
    fn default_value(&self, id: NodeId) -> Faulty<Option<Text>> {
        let Some(node) = self.node(id) else { return Ok(None) };
        if node.has(flag::SCALAR) {
            return Ok(Some(node.text));
        }
        if node.has(flag::SEQUENCE) {
            return Ok(None);
        }
        let is_default = |pair: &Pair| {
            self.node(self.arena().resolve(pair.key)).is_some_and(|node| node.kind == NodeKind::Equals)
        };
        let Some(pair) = self.written_pairs(id).into_iter().find(is_default) else { return Ok(None) };
        let value = self.arena().resolve(pair.value);
        match self.node(value) {
            Some(node) if node.has(flag::SEQUENCE) => {
                Err(self.fault("expected a scalar node, but found sequence".to_owned(), value))
            }
            // An alias to itself has no text, and no end.
            _ if value <= id => Ok(None),
            _ => self.default_value(value),
        }
    }

    fn become_scalar(&mut self, id: NodeId, tag: &str, text: Text) -> Faulty<()> {
        let kind = tags::scalar_kind(tag, text.of(self.text, self.side));
        let Some(node) = self.nodes.get_mut(id as usize) else { return Ok(()) };
        node.kind = kind;
        node.text = text;
        node.flags = (node.flags & !(flag::MAPPING | flag::SPECIAL_KEYS)) | flag::SCALAR;
        let node = *node;
        self.construct_scalar(id, node)
    }

    fn tag_name(&self, id: NodeId) -> String {
        let at = self.tags.binary_search_by_key(&id, |entry| entry.0).ok();
        let tag =
            at.and_then(|at| self.tags.get(at)).map(|entry| entry.1.of(self.text, self.side).into_owned());
        match tag {
            // `! "!"`: resolved to a tag of YAML's own.
            Some(tag) if tag == "!" => "tag:yaml.org,2002:yaml".to_owned(),
            Some(tag) => tag,
            None => String::new(),
        }
    }

    fn fill(&mut self, id: NodeId) -> Faulty<()> {
        let Some(node) = self.node(id) else { return Ok(()) };
        match node.kind {
            NodeKind::Seq => self.children(id).into_iter().try_for_each(|item| self.construct(item)),
            NodeKind::Map | NodeKind::Set => self.fill_mapping(id),
            NodeKind::Pairs => self.fill_pairs(id),
            _ => Err(self.wrong_shape(id, &node)),
        }
    }

    fn wrong_shape(&self, id: NodeId, node: &Node) -> Box<Fault> {
        let found = shape_name(node);
        let problem = match self.tag_name(id).strip_prefix("tag:yaml.org,2002:") {
            Some("seq") => format!("expected a sequence node, but found {found}"),
            Some("omap" | "pairs") => format!("expected a sequence, but found {found}"),
            _ => format!("expected a mapping node, but found {found}"),
        };
        self.fault(problem, id)
    }

    fn fill_pairs(&mut self, id: NodeId) -> Faulty<()> {
        for item in self.children(id) {
            let item = self.arena().resolve(item);
            let Some(node) = self.node(item) else { continue };
            if !node.has(flag::MAPPING) {
                let found = shape_name(&node);
                let problem = format!("expected a mapping of length 1, but found {found}");
                return Err(self.fault(problem, item));
            }
            let pairs = self.pairs(item);
            if pairs.len() != 1 {
                let problem = format!("expected a single mapping item, but found {} items", pairs.len());
                return Err(self.fault(problem, item));
            }
            for pair in pairs {
                self.construct(pair.key)?;
                self.construct(pair.value)?;
            }
        }
        Ok(())
    }

    fn fill_mapping(&mut self, id: NodeId) -> Faulty<()> {
        self.flatten(id)?;
        for pair in self.pairs(id) {
            self.construct(pair.key)?;
            let key = self.arena().resolve(pair.key);
            if self.node(key).is_some_and(|node| is_unhashable(&node)) {
                let fault = self.fault("found unhashable key".to_owned(), key);
                let span = self.node(id).map(|node| node.span).unwrap_or_default();
                return Err(fault.context("while constructing a mapping", span).cause(Cause::NonHashableKey));
            }
            self.construct(pair.value)?;
        }
        Ok(())
    }

    /// The entries of a mapping as far as they are merged.
    fn pairs(&self, id: NodeId) -> Vec<Pair> {
        self.flattened.get(&id).cloned().unwrap_or_else(|| self.written_pairs(id))
    }

    fn written_pairs(&self, id: NodeId) -> Vec<Pair> {
        let mut children = self.arena().children(id);
        let mut pairs = Vec::new();
        while let (Some(key), Some(value)) = (children.next(), children.next()) {
            pairs.push(Pair { key, value, merge: NO_NODE, site: NO_NODE });
        }
        pairs
    }

    /// Puts the entries of merged mappings first and makes `=` an ordinary key.
    fn flatten(&mut self, id: NodeId) -> Faulty<()> {
        let special = self.node(id).is_some_and(|node| node.has(flag::SPECIAL_KEYS));
        if !special || self.flattened.contains_key(&id) || !self.flattening.insert(id) {
            return Ok(());
        }
        if self.flattening.len() > self.budget.max_depth {
            let problem = format!("mappings merged more than {} deep", self.budget.max_depth);
            let span = self.node(id).map(|node| node.span).unwrap_or_default();
            return Err(Fault::new(ErrorKind::Budget, problem, span).cause(Cause::Limit));
        }
        let mut merged = Vec::new();
        let mut own = Vec::new();
        for pair in self.written_pairs(id) {
            let key = self.arena().resolve(pair.key);
            match self.node(key).map(|node| node.kind) {
                Some(NodeKind::Merge) => self.merge(id, pair, &mut merged)?,
                Some(NodeKind::Equals) => {
                    if let Some(node) = self.nodes.get_mut(key as usize) {
                        node.kind = NodeKind::Str;
                    }
                    own.push(pair);
                }
                _ => own.push(pair),
            }
        }
        self.flattening.remove(&id);
        merged.append(&mut own);
        self.flattened.insert(id, merged);
        Ok(())
    }

    /// Adds what one `<<` entry brings.
    fn merge(&mut self, mapping: NodeId, entry: Pair, merged: &mut Vec<Pair>) -> Faulty<()> {
        let source = self.arena().resolve(entry.value);
        let Some(node) = self.node(source) else { return Ok(()) };
        if node.has(flag::MAPPING) {
            self.flatten(source)?;
            return self.add_merged(source, entry.key, entry.value, merged);
        }
        let span = self.node(mapping).map(|node| node.span).unwrap_or_default();
        let words = "while constructing a mapping";
        if !node.has(flag::SEQUENCE) {
            let problem = format!(
                "expected a mapping or list of mappings for merging, but found {}",
                shape_name(&node)
            );
            return Err(self.fault(problem, source).context(words, span).cause(Cause::BadMerge));
        }
        let mut sources = Vec::new();
        for item in self.children(source) {
            let target = self.arena().resolve(item);
            let Some(node) = self.node(target) else { continue };
            if !node.has(flag::MAPPING) {
                let problem = format!("expected a mapping for merging, but found {}", shape_name(&node));
                return Err(self.fault(problem, target).context(words, span).cause(Cause::BadMerge));
            }
            self.flatten(target)?;
            sources.push((target, item));
        }
        // Of several mappings the first wins, so it is added last.
        sources
            .into_iter()
            .rev()
            .try_for_each(|(source, item)| self.add_merged(source, entry.key, item, merged))
    }

    fn add_merged(
        &mut self,
        source: NodeId,
        merge: NodeId,
        site: NodeId,
        merged: &mut Vec<Pair>,
    ) -> Faulty<()> {
        let mut pairs = self.pairs(source);
        if self.flattening.contains(&source) {
            // A mapping that merges itself gets its own entries again.
            pairs.retain(|pair| {
                let key = self.arena().resolve(pair.key);
                self.node(key).is_none_or(|node| node.kind != NodeKind::Merge)
            });
        }
        self.merged = self.merged.saturating_add(pairs.len() as u64);
        if self.merged > self.budget.max_merged {
            let problem = format!("merge keys bring more than {} entries", self.budget.max_merged);
            let span = self.node(site).map(|node| node.span).unwrap_or_default();
            return Err(Fault::new(ErrorKind::Budget, problem, span).cause(Cause::Limit));
        }
        let aliased = self.node(site).is_some_and(|node| node.kind == NodeKind::Alias);
        merged.extend(pairs.into_iter().map(|pair| Pair {
            merge,
            site: if aliased { site } else { pair.site },
            ..pair
        }));
        Ok(())
    }

    /// The entries of every mapping that has others than those written, or equal keys.
    pub(super) fn finish(mut self, duplicates: &[NodeId], index: &mut KeyIndex) -> Effective {
        let mut flattened: Vec<_> = std::mem::take(&mut self.flattened).into_iter().collect();
        flattened.extend(duplicates.iter().map(|id| (*id, self.written_pairs(*id))));
        flattened.sort_unstable_by_key(|entry| entry.0);
        let mut effective = Effective::default();
        for (id, pairs) in flattened {
            let start = effective.pairs.len();
            override_earlier(self.arena(), pairs, &mut effective.pairs);
            let range = (super::chars::offset(start), super::chars::offset(effective.pairs.len()));
            effective.ranges.push((id, range));
            let keys = effective.pairs.iter().skip(start).map(|pair| pair.key);
            if let Some(node) = self.node(id) {
                index.replace(node.keys(), self.arena(), keys);
            }
            if let Some(node) = self.nodes.get_mut(id as usize) {
                node.flags |= flag::EFFECTIVE;
            }
        }
        effective
    }
}

/// What a dictionary makes of pairs set in order: the first place and key, the last value.
fn override_earlier(arena: Arena<'_>, pairs: Vec<Pair>, out: &mut Vec<Pair>) {
    let mut places: HashMap<KeyValue<'_>, usize> = HashMap::new();
    for pair in pairs {
        let place = *places.entry(arena.key_value(pair.key)).or_insert(out.len());
        match out.get_mut(place) {
            None => out.push(pair),
            // A key written alike is the same value; its own place is the better one to show.
            Some(first) if same_kind(arena, first.key, pair.key) => *first = pair,
            Some(first) => *first = Pair { key: first.key, ..pair },
        }
    }
}

fn same_kind(arena: Arena<'_>, first: NodeId, second: NodeId) -> bool {
    let kind = |id| arena.node(arena.resolve(id)).map(|node| node.kind);
    match kind(first) {
        // A float or a time can be equal and look different (`0.0` and `-0.0`, zones).
        Some(NodeKind::Float | NodeKind::DateTime) => false,
        first => first == kind(second),
    }
}

fn is_unhashable(node: &Node) -> bool {
    // Of the foreign ones, only those with a tag of a collection get this far.
    matches!(node.kind, NodeKind::Seq | NodeKind::Map | NodeKind::Set | NodeKind::Pairs | NodeKind::Foreign)
}

fn shape_name(node: &Node) -> &'static str {
    if node.has(flag::SEQUENCE) {
        "sequence"
    } else if node.has(flag::MAPPING) {
        "mapping"
    } else {
        "scalar"
    }
}
