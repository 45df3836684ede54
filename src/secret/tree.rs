//! Secrets in a text that could be read: what stands under a secret's name, at any depth, and what
//! commands and lists hold.

use std::collections::HashSet;
use std::ops::Range;

use super::commands;
use super::guess::{self, Form, is_user_flag, password_of, sounds_secret};
use super::harmless::is_harmless;
use super::hidden::TellingLines;
use crate::source::Span;
use crate::yaml::{Kind, Style, Tree, Value};

/// What must not be shown of a file.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    /// Where it stands.
    pub(super) spans: Vec<Span>,
    /// What it reads like where it is written differently: unescaped, folded, as a number.
    pub(super) values: Vec<String>,
}

/// The secrets of `tree`.
pub(super) fn secrets_of(tree: &Tree, lines: &TellingLines) -> Secrets {
    let mut walk = Walk { tree, lines, seen: HashSet::new(), secrets: Secrets::default() };
    walk.value(tree.root(), 0, false);
    walk.secrets
}

struct Walk<'t> {
    tree: &'t Tree,
    lines: &'t TellingLines,
    /// Values that were looked at as secrets: aliases lead to them again and again.
    seen: HashSet<u32>,
    secrets: Secrets,
}

impl<'t> Walk<'t> {
    /// Looks at a value so many levels below the root; all of a secret's is secret.
    fn value(&mut self, value: Value<'t>, depth: usize, is_secret: bool) {
        let is_done = if is_secret {
            !self.seen.insert(value.id())
        } else {
            // What an alias means is looked at where its anchor is.
            value.is_alias() || !self.lines.meet(value.span())
        };
        if is_done {
            return;
        }
        match value.kind() {
            Kind::Map | Kind::Set => self.mapping(value, depth, is_secret),
            Kind::Seq => self.list(value, depth, is_secret),
            _ if is_secret => self.hide(value),
            _ => self.text(value),
        }
    }

    fn mapping(&mut self, mapping: Value<'t>, depth: usize, is_secret: bool) {
        // `{name: DB_PASSWORD, value: x}`.
        let mut is_named = false;
        for entry in mapping.own_entries() {
            let is_name = matches!(entry.key.text(), "name" | "key");
            is_named |= is_name && entry.value.is_scalar() && sounds_secret(entry.value.text());
        }
        for entry in mapping.own_entries() {
            if !is_secret && !is_named && !self.lines.meet(entry.span()) {
                continue;
            }
            self.value(entry.key, depth + 1, is_secret);
            // The names at the top are those of instances.
            let is_instance = depth == 0 && matches!(entry.value.kind(), Kind::Map | Kind::Set);
            let is_own = !is_instance && sounds_secret(entry.key.text());
            let is_value = is_named && entry.key.text() == "value";
            self.value(entry.value, depth + 1, is_secret || is_own || is_value);
        }
    }

    fn list(&mut self, list: Value<'t>, depth: usize, is_secret: bool) {
        let commands = commands::secrets_in_list(list.items().map(Value::as_str));
        let mut commands = commands.into_iter().peekable();
        let mut flag = None;
        for (index, item) in list.items().enumerate() {
            while let Some((_, range)) = commands.next_if(|(at, _)| *at == index) {
                self.parts(item, vec![range]);
            }
            let text = item.as_str();
            let is_flag = text.is_some_and(|text| text.starts_with('-'));
            let is_value = |name: &str| {
                sounds_secret(name) || (is_user_flag(name) && password_of(item.text()).is_some())
            };
            let follows = flag.is_some_and(|name: &str| !is_flag && is_value(name));
            self.value(item, depth + 1, is_secret || follows);
            flag = text.filter(|text| is_flag && !text.contains('='));
        }
    }

    /// A scalar under a secret's name.
    fn hide(&mut self, value: Value<'t>) {
        if let Some(anchor) = value.anchor().filter(|_| value.text().is_empty()) {
            // `PASSWORD: &secret` is nothing with an anchor.
            let all = self.tree.anchors().iter().map(|anchor| anchor.name);
            self.secrets.spans.extend(all.filter(|name| name.of(self.tree.text()) == anchor));
        }
        if !is_harmless(value.text(), Form::Text) {
            self.all_of(value);
        }
    }

    /// A scalar of which only a part may be a secret.
    fn text(&mut self, value: Value<'t>) {
        self.parts(value, guess::secrets_in(value.text(), Form::Text).ranges);
    }

    /// Parts of a scalar's text.
    fn parts(&mut self, value: Value<'t>, ranges: Vec<Range<usize>>) {
        let text = value.text();
        let raw = value.raw();
        // Found again in the order of the text, unless escapes or line breaks are in between.
        let mut from = 0;
        for range in ranges {
            let secret = text.get(range).unwrap_or("");
            let Some(at) = raw.get(from..).and_then(|rest| rest.find(secret)) else {
                self.all_of(value);
                return;
            };
            let start = from + at;
            from = start + secret.len();
            self.secrets.spans.push(part(value, start, from));
        }
    }

    fn all_of(&mut self, value: Value<'t>) {
        let raw = value.raw();
        let (start, end) = match value.style() {
            Style::Single | Style::Double => (1, raw.len().saturating_sub(1)),
            Style::Literal | Style::Folded => (raw.find('\n').map_or(0, |at| at + 1), raw.len()),
            _ => (0, raw.len()),
        };
        self.secrets.spans.push(part(value, start.min(end), end));
        self.secrets.values.push(value.text().to_owned());
        if value.kind() != Kind::Str {
            self.secrets.values.push(value.repr().into_owned());
        }
    }
}

/// A part of what is written, in bytes from its start.
fn part(value: Value<'_>, start: usize, end: usize) -> Span {
    let at = |offset: usize| value.span().start + u32::try_from(offset).unwrap_or(u32::MAX);
    Span::new(at(start), at(end))
}
