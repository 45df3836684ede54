//! Repairs of keys that are there twice in one mapping.

use std::collections::{BTreeSet, HashMap};

use crate::diagnostic::FixSafety;
use crate::source::Span;
use crate::yaml::{Entry, Kind, Notice, Tree, Value, edit};

use super::fixes::Repair;

/// Values that are compared to find out whether two are equal; aliases make many of few.
const MOST_COMPARED: usize = 1_000;

/// The entries of a text whose keys are there twice, by where the key starts.
#[derive(Default)]
pub(super) struct Duplicates<'t> {
    entries: HashMap<u32, (Value<'t>, Entry<'t>)>,
}

impl<'t> Duplicates<'t> {
    pub(super) fn of(tree: &'t Tree) -> Self {
        let spans = tree.notices().iter().filter_map(|notice| match notice {
            Notice::DuplicateKey { first, second, .. } => Some([first.start, second.start]),
            _ => None,
        });
        let wanted: BTreeSet<u32> = spans.flatten().collect();
        let mut entries = HashMap::new();
        let mut open = if wanted.is_empty() { Vec::new() } else { vec![tree.root()] };
        while let Some(value) = open.pop() {
            if value.is_alias() {
                continue;
            }
            for entry in value.own_entries() {
                if wanted.contains(&entry.key.site().start) {
                    entries.insert(entry.key.site().start, (value, entry));
                }
                open.push(entry.value);
            }
            if value.kind() == Kind::Seq {
                open.extend(value.items());
            }
        }
        Self { entries }
    }

    /// The repair of one key, where there is one: what PaaSTA drops goes, after the entries of a mapping
    /// were added to the other one.
    pub(super) fn repair(&self, first: Span, second: Span) -> Option<Repair> {
        let (mapping, dropped) = *self.entries.get(&first.start)?;
        let (_, kept) = *self.entries.get(&second.start)?;
        let mut edits = edit::remove_entry(mapping, dropped)?;
        let mut left = MOST_COMPARED;
        if is_equal(dropped.value, kept.value, &mut left) {
            return Some(("delete the first one, which says the same", FixSafety::Safe, edits));
        }
        let both_are_mappings = [dropped.value, kept.value].iter().all(|value| value.kind() == Kind::Map);
        if !both_are_mappings {
            return Some(("delete the first one, which PaaSTA drops", FixSafety::Unsafe, edits));
        }
        edits.extend(edit::merge_into(kept.value, dropped.value)?);
        edits.sort();
        Some(("merge both; of what is in both the last one stays", FixSafety::Unsafe, edits))
    }
}

/// Whether two values are read alike, as far as they can be compared with `left` steps.
fn is_equal(one: Value<'_>, other: Value<'_>, left: &mut usize) -> bool {
    if *left == 0 || one.kind() != other.kind() || one.tag() != other.tag() {
        return false;
    }
    *left -= 1;
    match one.kind() {
        Kind::Map | Kind::Set => {
            one.len() == other.len()
                && one
                    .entries()
                    .zip(other.entries())
                    .all(|(a, b)| is_equal(a.key, b.key, left) && is_equal(a.value, b.value, left))
        }
        Kind::Seq => {
            one.len() == other.len() && one.items().zip(other.items()).all(|(a, b)| is_equal(a, b, left))
        }
        _ => one.text() == other.text(),
    }
}
