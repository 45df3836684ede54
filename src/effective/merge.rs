//! How PaaSTA merges two mappings.

use std::collections::HashMap;

use crate::emit::python::{Data, Dict, Value};

/// Lays `overrides` over `defaults`: where both values are mappings they merge key by key, at any
/// depth; otherwise the override replaces the default (`utils:deep_merge_dictionaries`). Keys of
/// the defaults come first.
pub fn deep_merge<'t>(defaults: Dict<'t>, overrides: Dict<'t>) -> Dict<'t> {
    /// From here on an index is faster than looking at every key.
    const MANY: usize = 32;
    if overrides.is_empty() {
        return defaults;
    }
    let mut merged = defaults;
    let mut index: HashMap<String, usize> = HashMap::new();
    let indexed = merged.len() > MANY;
    if indexed {
        let keys = merged.iter().enumerate();
        index = keys.filter_map(|(at, entry)| Some((entry.key.as_str()?.to_owned(), at))).collect();
    }
    let old = merged.len();
    for entry in overrides.into_entries() {
        let at = match entry.key.as_str() {
            Some(key) if indexed => index.get(key).copied(),
            _ => merged.iter().take(old).position(|known| known.key == entry.key),
        };
        match at.and_then(|at| merged.entries_mut().get_mut(at)) {
            Some(known) => replace(&mut known.value, entry.value),
            None => merged.push(entry.key, entry.value),
        }
    }
    merged
}

fn replace<'t>(old: &mut Value<'t>, new: Value<'t>) {
    match (&mut old.data, new.data) {
        (Data::Dict(defaults), Data::Dict(overrides)) => {
            *defaults = deep_merge(std::mem::take(defaults), overrides);
        }
        (_, data) => *old = Value { data, origin: new.origin },
    }
}
