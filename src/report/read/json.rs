//! The tree as JSON, written as it is walked.

use std::io::{self, Write};

use super::{Entry, Kind, Secrets, Tree, Value};
use crate::report::escape::json_string;

/// Writes the document's value and a line feed.
pub(super) fn write(secrets: Secrets, tree: &Tree, out: &mut dyn Write) -> io::Result<()> {
    node(secrets, tree.root(), out)?;
    writeln!(out)
}

fn node(secrets: Secrets, value: Value<'_>, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\"type\":\"{}\"", value.kind().name())?;
    match value.kind() {
        Kind::Null => write!(out, ",\"value\":null")?,
        Kind::Bool => write!(out, ",\"value\":{}", value.repr())?,
        Kind::Seq => list("items", value.items(), out, |item, out| node(secrets, item, out))?,
        Kind::Set => {
            // A set has no order of its own; types and texts give it one.
            let mut items: Vec<_> = value.items().collect();
            items.sort_by_cached_key(|item| (item.kind().name(), item.repr().into_owned()));
            list("items", items.into_iter(), out, |item, out| node(secrets, item, out))?;
        }
        Kind::Map => list("entries", value.entries(), out, |each, out| entry(secrets, each, out))?,
        Kind::Int | Kind::Float | Kind::Str | Kind::Date | Kind::DateTime | Kind::Binary => {
            write!(out, ",\"value\":")?;
            json_string(&secrets.text_of(value), out)?;
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

fn entry(secrets: Secrets, entry: Entry<'_>, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\"key\":")?;
    node(secrets, entry.key, out)?;
    write!(out, ",\"value\":")?;
    node(secrets, entry.value, out)?;
    write!(out, "}}")
}

fn list<T>(
    name: &str,
    items: impl Iterator<Item = T>,
    out: &mut dyn Write,
    item: impl Fn(T, &mut dyn Write) -> io::Result<()>,
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
