//! Finding the entry of a key.

use std::collections::HashMap;

use super::super::keys::{HashedKey, KeyFilter, Lookup};
use super::super::tree::{NO_NODE, NodeId, Pair, Tree};
use super::{EntriesInner, Entry, Kind, Value};

impl<'t> Value<'t> {
    /// The entry whose key is this string.
    #[inline]
    pub fn entry(self, key: &str) -> Option<Entry<'t>> {
        if !matches!(self.kind(), Kind::Map | Kind::Set) {
            return None;
        }
        match self.tree.keys.lookup(self.node().keys(), key) {
            Lookup::Absent => None,
            Lookup::Among(keys, _) if keys.len() > LARGE => self.entry_of_large(key),
            Lookup::Among(keys, hash) => self.entry_among(keys, hash, key),
            Lookup::Unknown => self.find_entry(key),
        }
    }

    fn entry_among(self, keys: &'t [HashedKey], hash: u32, key: &str) -> Option<Entry<'t>> {
        let found = keys.iter().find(|slot| slot.may_be(hash) && self.is_text(slot.key, key))?;
        let value = self.tree.node(found.key).next;
        Some(self.entries().entry(Pair { key: found.key, value, merge: NO_NODE, site: NO_NODE }))
    }

    fn is_text(self, key: NodeId, text: &str) -> bool {
        Value::new(self.tree, key).as_str() == Some(text)
    }

    fn find_entry(self, key: &str) -> Option<Entry<'t>> {
        if self.len() > LARGE {
            return self.entry_of_large(key);
        }
        let tree = self.tree;
        let is_it = |id: NodeId| {
            // Most keys differ in length: nothing else of them is looked at.
            tree.node(tree.resolve(id)).text.len() as usize == key.len() && self.is_text(id, key)
        };
        let mut entries = self.entries();
        let pair = match &mut entries.inner {
            EntriesInner::Written(children) => loop {
                let (key, value) = (children.next()?, children.next()?);
                if is_it(key) {
                    break Pair { key, value, merge: NO_NODE, site: NO_NODE };
                }
            },
            EntriesInner::Effective(pairs) => *pairs.find(|pair| is_it(pair.key))?,
        };
        Some(entries.entry(pair))
    }

    /// The same by binary search: hostile files have many keys and many readers of them.
    fn entry_of_large(self, key: &str) -> Option<Entry<'t>> {
        let tree = self.tree;
        let sorted = tree.large.get_or_init(|| LargeMappings::of(tree)).by_key.get(&self.id)?;
        let index = sorted.binary_search_by(|place| tree.value(place.key).text().cmp(key)).ok()?;
        let place = sorted.get(index)?;
        let at = |id, site| Value::at(tree, id, if self.site == NO_NODE { site } else { self.site });
        Some(Entry {
            key: at(place.key, place.site),
            value: at(place.value, place.value_site),
            merge: place.merge,
        })
    }
}

impl KeyFilter {
    /// For the mappings among the values.
    pub fn of<'t>(values: impl Iterator<Item = Value<'t>>) -> Self {
        let mut filter = Self::default();
        for value in values.filter(|value| matches!(value.kind(), Kind::Map | Kind::Set)) {
            if !value.tree.keys.add_to(value.node().keys(), &mut filter) {
                value.entries().for_each(|entry| filter.add_text(entry.key.text()));
            }
        }
        filter
    }
}

/// Entries of a mapping that are looked through one by one; more are sorted by key first.
const LARGE: usize = 64;

/// The entries of the large mappings of a tree, sorted by key; made when the first is asked for.
#[derive(Debug)]
pub(in crate::yaml) struct LargeMappings {
    by_key: HashMap<NodeId, Vec<EntryPlace>>,
}

/// Nodes of an entry with a text as its key.
#[derive(Debug)]
struct EntryPlace {
    key: NodeId,
    site: NodeId,
    value: NodeId,
    value_site: NodeId,
    merge: NodeId,
}

impl LargeMappings {
    fn of(tree: &Tree) -> Self {
        let large = tree.values().filter(|value| value.kind() == Kind::Map && value.len() > LARGE);
        let sorted = large.map(|mapping| {
            let entries = mapping.entries().filter(|entry| entry.key.kind() == Kind::Str);
            let mut places: Vec<EntryPlace> = entries
                .map(|Entry { key, value, merge }| EntryPlace {
                    key: key.id,
                    site: key.site,
                    value: value.id,
                    value_site: value.site,
                    merge,
                })
                .collect();
            places.sort_by(|a, b| tree.value(a.key).text().cmp(tree.value(b.key).text()));
            (mapping.id, places)
        });
        Self { by_key: sorted.collect() }
    }
}
