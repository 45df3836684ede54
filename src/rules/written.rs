//! Settings as written: each text once, however many instances share it.
//!
//! Rules that judge a text by itself (a volume, a variable, the time of an alert) look at where it
//! is written and not at every instance that inherits it: one mistake behind an anchor, or in
//! service.yaml, is one finding.

use std::collections::HashSet;

use crate::model::kind::FileKind;
use crate::repo::{DirEntry, EntryKind};
use crate::secret;
use crate::yaml::{Entry, Kind, Value};

use super::{DocumentCx, Located};

/// Longest value that a message repeats, in characters.
const LONGEST_ECHO: usize = 60;

/// Every place of the document that sets `key` for an instance: in the instances of marathon-*,
/// chronos-* and adhoc-*, or at the top of service.yaml, whose keys are defaults of all of them.
pub(crate) fn written<'a>(cx: &DocumentCx<'a>, key: &str) -> Vec<Located<'a>> {
    let mut found = Vec::new();
    if cx.root.kind() != Kind::Map {
        return found;
    }
    match cx.document.kind {
        Some(FileKind::Service) => found.extend(cx.root.entry(key).map(|e| Located::new(cx.document, e))),
        Some(kind) if kind.has_instances() && cx.may_set(key) => {
            let bodies = cx.root.entries().map(|entry| entry.value).filter(|body| body.kind() == Kind::Map);
            let settings = bodies.filter_map(|body| body.entry(key));
            if cx.root.tree().anchors().is_empty() {
                found.extend(settings.map(|entry| Located::new(cx.document, entry)));
            } else {
                let mut seen = HashSet::new();
                let first = settings.filter(|entry| seen.insert(entry.value.id()));
                found.extend(first.map(|entry| Located::new(cx.document, entry)));
            }
        }
        _ => {}
    }
    found
}

/// Every place of the document that sets `key` for monitoring, each with the mapping that it stands
/// in: in monitoring.yaml itself, and in the `monitoring` of instances and of service.yaml.
pub(crate) fn monitoring<'a>(cx: &DocumentCx<'a>, key: &str) -> Vec<(Value<'a>, Entry<'a>)> {
    let of = |block: Value<'a>| {
        let entry = (block.kind() == Kind::Map).then(|| block.entry(key)).flatten();
        entry.map(|entry| (block, entry))
    };
    let mut found: Vec<_> = match cx.document.kind {
        Some(FileKind::Monitoring) => of(cx.root).into_iter().collect(),
        // Nothing of an adhoc instance is monitored.
        Some(FileKind::Adhoc) => Vec::new(),
        _ => written(cx, "monitoring").into_iter().filter_map(|located| of(located.value)).collect(),
    };
    if found.len() > 1 && !cx.root.tree().anchors().is_empty() {
        let mut seen = HashSet::new();
        found.retain(|(_, entry)| seen.insert(entry.value.id()));
    }
    found
}

/// The entries of a mapping that stand in its own text: those that came by alias or merge key are
/// judged where they are written.
pub(crate) fn own_text(mapping: Value<'_>) -> impl Iterator<Item = Entry<'_>> {
    let outer = mapping.is_alias();
    let entries = (mapping.kind() == Kind::Map).then(|| mapping.entries()).into_iter().flatten();
    entries.filter(move |entry| entry.merged_from().is_none() && entry.value.is_alias() == outer)
}

/// `text` for a message, cut after 60 characters.
pub(crate) fn excerpt(text: &str) -> String {
    secret::quotable(text, LONGEST_ECHO)
}

/// Whether the entry is a file that a component could read, directly or through a link.
pub(crate) fn is_file(entry: &DirEntry) -> bool {
    matches!(entry.kind, EntryKind::File | EntryKind::Link(_))
}
