//! The tree as JSON, written as it is walked.

use std::io::{self, Write};

use super::{Entry, Kind, Tree, Value};
use crate::report::escape::json_string;

/// Writes the document's value and a line feed.
pub(super) fn write(tree: &Tree, out: &mut dyn Write) -> io::Result<()> {
    node(tree.root(), out)?;
    writeln!(out)
}

fn node(value: Value<'_>, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\"type\":\"{}\"", value.kind().name())?;
    match value.kind() {
        Kind::Null => write!(out, ",\"value\":null")?,
        Kind::Bool => write!(out, ",\"value\":{}", value.repr())?,
        Kind::Seq => list("items", value.items(), out, node)?,
        Kind::Set => {
            // A set has no order of its own; types and texts give it one.
            let mut items: Vec<_> = value.items().collect();
            items.sort_by_cached_key(|item| (item.kind().name(), item.repr().into_owned()));
            list("items", items.into_iter(), out, node)?;
        }
        Kind::Map => list("entries", value.entries(), out, entry)?,
        Kind::Int | Kind::Float | Kind::Str | Kind::Date | Kind::DateTime | Kind::Binary => {
            write!(out, ",\"value\":")?;
            json_string(&value.repr(), out)?;
        }
    }
    let span = value.span();
    for (name, offset) in [("start", span.start), ("end", span.end)] {
        let position = value.tree().source().position(offset);
        let (line, column) = (position.line, position.column);
        write!(out, ",\"{name}\":{{\"line\":{line},\"column\":{column},\"offset\":{offset}}}")?;
    }
    write!(out, "}}")
}

fn entry(entry: Entry<'_>, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\"key\":")?;
    node(entry.key, out)?;
    write!(out, ",\"value\":")?;
    node(entry.value, out)?;
    write!(out, "}}")
}

fn list<T>(
    name: &str,
    items: impl Iterator<Item = T>,
    out: &mut dyn Write,
    item: fn(T, &mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    write!(out, ",\"{name}\":[")?;
    for (at, value) in items.enumerate() {
        if at > 0 {
            write!(out, ",")?;
        }
        item(value, out)?;
    }
    write!(out, "]")
}
