//! Services that nobody describes.

use crate::model::kind::FileKind;
use crate::rules::{Blocks, Check, DocumentCx, On, Rule, Sink};
use crate::yaml::{Entry, Kind};

pub(crate) static RULE: Rule = rule! {
    /// Finds service.yaml without a `description` or an `external_link`.
    ///
    /// ## Why it matters
    ///
    /// `paasta info` shows both to whoever wonders what the service is. It is advice and off by
    /// default.
    ///
    /// ## Example
    ///
    /// ```yaml service.yaml
    /// description: Resizes pictures
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml service.yaml
    /// description: Resizes pictures
    /// external_link: https://docs.example.com/shop
    /// ```
    ///
    /// ## Source
    ///
    /// The configuration reference on service.yaml; paasta-tools 0.66.6 `cli/cmds/info.py`.
    "description-missing" in Hygiene,
    level: Info,
    blocks: Blocks::Nothing,
    on: On::kinds(&[FileKind::Service]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    if !matches!(cx.root.kind(), Kind::Map | Kind::Null) {
        return;
    }
    for (key, help) in [
        ("description", "say in a sentence what the service does"),
        ("external_link", "add a link to where one can read more"),
    ] {
        let entry = if cx.root.kind() == Kind::Map { cx.root.entry(key) } else { None };
        let is_empty = |entry: &Entry<'_>| {
            entry.value.is_null() || entry.value.as_str().is_some_and(|t| t.trim().is_empty())
        };
        let finding = match entry {
            Some(entry) if is_empty(&entry) => cx.at(entry.key.span(), format!("`{key}` is empty")),
            Some(_) => continue,
            None => cx.at_file(format!("service.yaml has no `{key}`")).identity(key),
        };
        sink.report(finding.label("empty").why("`paasta info` has nothing to show").help(help));
    }
}
