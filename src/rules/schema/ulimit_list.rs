//! Finds `ulimit` written as a list.

use crate::diagnostic::{Edit, Finding};
use crate::rules::{Check, Fixable, Rule};
use crate::schema::explain::{Problem, ShapeCx};
use crate::source::Span;
use crate::yaml::{Kind, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds `ulimit` written as a list.
    ///
    /// ## Why it matters
    ///
    /// The documentation's example is a list of mappings with one key each; paasta-tools 0.66 wants
    /// one mapping and refuses the list.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   ulimit:
    ///     - nofile: {soft: 1024, hard: 2048}
    ///     - nice: {soft: 20}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   ulimit:
    ///     nofile: {soft: 1024, hard: 2048}
    ///     nice: {soft: 20}
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: the limits stay the same.
    ///
    /// ## Source
    ///
    /// docs/documentation-vs-code.md.
    "ulimit-list" in Compat,
    level: Warning (Paasta066: Off),
    fix: Fixable::Sometimes,
    check: Check::Schema,
};

pub(crate) fn words(cx: &ShapeCx<'_>, problem: &Problem<'_>) -> Finding {
    cx.at_value(problem, "`ulimit` is written as a list")
        .label("the documentation's example is written so, too")
        .why("paasta-tools 0.66 wants one mapping of all limits and refuses the list")
        .help("write `ulimit: {nofile: {soft: 1024, hard: 2048}}`")
        .identity("ulimit")
        .safe_fix("make one mapping of the list", without_dashes(problem.value))
}

/// Turns the dashes of a block list into blanks, which makes one mapping of its mappings.
fn without_dashes(list: Value<'_>) -> Option<Vec<Edit>> {
    let text = list.tree().text();
    let dash = |item: Value<'_>| {
        let before = text.get(..item.span().start as usize)?.trim_end_matches(' ');
        let is_block = item.kind() == Kind::Map && !item.raw().starts_with('{') && before.ends_with('-');
        let at = u32::try_from(before.len()).ok()?.checked_sub(1)?;
        (is_block && !item.is_alias()).then(|| Edit { span: Span::new(at, at + 1), text: " ".to_owned() })
    };
    let mut names: Vec<&str> =
        list.items().flat_map(|item| item.entries().map(|entry| entry.key.text())).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    // Equal names would become duplicate keys.
    (names.len() == count && !list.is_empty()).then(|| list.items().map(dash).collect())?
}
