//! Which keys and indexes lead to a place in a document.

use crate::diagnostic::Step;
use crate::source::Span;
use crate::yaml::{Kind, Tree, Value};

/// The way to every node of a document, found in one pass, so that a file with thousands of
/// findings costs no more than its length.
#[derive(Debug)]
pub(super) struct Paths {
    /// In the order of the text; what an alias means is listed at its anchor only.
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    span: Span,
    /// Index of the collection that holds it; the root is its own parent.
    parent: usize,
    step: NodeStep,
}

#[derive(Debug)]
enum NodeStep {
    Root,
    /// Node of the key, in the tree.
    Key(u32),
    Index(usize),
}

impl Paths {
    /// The ways of `tree`.
    pub(super) fn of(tree: &Tree) -> Self {
        let mut nodes = Vec::with_capacity(tree.node_count());
        let mut open = vec![(tree.root(), 0, NodeStep::Root)];
        while let Some((value, parent, step)) = open.pop() {
            let this = nodes.len();
            nodes.push(Node { span: value.site(), parent, step });
            if value.is_alias() {
                continue;
            }
            let first = open.len();
            match value.kind() {
                Kind::Map => {
                    for entry in value.own_entries() {
                        open.push((entry.key, this, NodeStep::Key(entry.key.id())));
                        open.push((entry.value, this, NodeStep::Key(entry.key.id())));
                    }
                }
                Kind::Seq | Kind::Set => {
                    let items = value.items().enumerate();
                    open.extend(items.map(|(index, item)| (item, this, NodeStep::Index(index))));
                }
                _ => {}
            }
            // The stack gives the last one first.
            if let Some(children) = open.get_mut(first..) {
                children.reverse();
            }
        }
        Self { nodes }
    }

    /// The way to the innermost node that holds `span`.
    pub(super) fn to(&self, tree: &Tree, span: Span) -> Vec<Step> {
        let mut at = self.nodes.partition_point(|node| node.span.start <= span.start).saturating_sub(1);
        let mut path = Vec::new();
        while let Some(node) = self.nodes.get(at) {
            if path.is_empty() && !node.span.contains(span) && at != node.parent {
                at = node.parent;
                continue;
            }
            match node.step {
                NodeStep::Root => break,
                NodeStep::Key(key) => path.push(Step::Key(name(tree.value(key)))),
                NodeStep::Index(index) => path.push(Step::Index(index)),
            }
            at = node.parent;
        }
        path.reverse();
        path
    }
}

fn name(key: Value<'_>) -> String {
    key.repr().into_owned()
}
