//! What the safe loader makes of explicit tags.

use super::scalar::{Scalar, resolve_plain};
use super::timestamp;
use super::tree::NodeKind;

/// The kind of a scalar with an explicit tag.
pub(super) fn scalar_kind(tag: &str, text: &str) -> NodeKind {
    match tag.strip_prefix("tag:yaml.org,2002:") {
        Some("str") => NodeKind::Str,
        Some("null") => NodeKind::Null,
        Some("bool") => NodeKind::Bool,
        Some("int") => NodeKind::Int,
        Some("float") => NodeKind::Float,
        Some("binary") => NodeKind::Binary,
        Some("timestamp") => match timestamp::parse(text) {
            Some(Ok(stamp)) if !stamp.has_time() => NodeKind::Date,
            _ => NodeKind::DateTime,
        },
        Some("merge") => NodeKind::Merge,
        Some("value") => NodeKind::Equals,
        _ => NodeKind::Foreign,
    }
}

/// The kind of a collection with an explicit tag, given the kind it would have without.
pub(super) fn collection_kind(tag: &str, untagged: NodeKind) -> NodeKind {
    match (tag.strip_prefix("tag:yaml.org,2002:"), untagged) {
        (None, kind) if tag == "!" => kind,
        (Some("seq"), NodeKind::Seq) => NodeKind::Seq,
        (Some("map"), NodeKind::Map) => NodeKind::Map,
        (Some("set"), NodeKind::Map) => NodeKind::Set,
        (Some("omap" | "pairs"), NodeKind::Seq) => NodeKind::Pairs,
        _ => NodeKind::Foreign,
    }
}

/// Whether a boolean's text means true; `None` if it is none of the words.
pub(super) fn truth(text: &str) -> Option<bool> {
    match resolve_plain(text) {
        Scalar::Bool(value) => Some(value),
        // An explicit tag takes the words in any case.
        _ => match resolve_plain(&text.to_lowercase()) {
            Scalar::Bool(value) => Some(value),
            _ => None,
        },
    }
}
