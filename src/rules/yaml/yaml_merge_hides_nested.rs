//! A mapping that hides the merged one.

use crate::model::kind::FileKind;
use crate::rules::support::words::list;
use crate::rules::{Check, DocumentCx, On, Rule, Sink};
use crate::yaml::{Entry, Kind, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds mappings that hide one that `<<` brings, with keys that are lost by it.
    ///
    /// ## Why it matters
    ///
    /// Merging is not deep: an `env` beside `<<` replaces the merged `env` as a whole, and the variables
    /// of the anchor are gone. That may be meant, so it is advice and off by default.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main: &main
    ///   env: {LOG_LEVEL: info, WORKERS: "4"}
    /// canary:
    ///   <<: *main
    ///   env: {LOG_LEVEL: debug}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main: &main
    ///   env: &env {LOG_LEVEL: info, WORKERS: "4"}
    /// canary:
    ///   <<: *main
    ///   env: {<<: *env, LOG_LEVEL: debug}
    /// ```
    ///
    /// ## Source
    ///
    /// The YAML 1.1 merge type: the value of a key is taken whole.
    "yaml-merge-hides-nested" in Yaml,
    level: Info,
    on: On::kinds(&[FileKind::Marathon, FileKind::Chronos, FileKind::Adhoc]),
    check: Check::Document(check),
};

/// Merged mappings, own mappings, and keys of each that are looked at: people write a handful.
const MOST: usize = 50;

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    if cx.root.kind() != Kind::Map || cx.root.tree().anchors().is_empty() {
        return;
    }
    for body in cx.root.own_entries().map(|entry| entry.value).filter(|body| !body.is_alias()) {
        let merges: Vec<Value<'_>> = body
            .own_entries()
            .filter(Entry::is_merge_key)
            .flat_map(|merge| sources(merge.value))
            .take(MOST)
            .collect();
        if merges.is_empty() {
            continue;
        }
        let own = body.own_entries().filter(|entry| !entry.is_merge_key() && entry.value.kind() == Kind::Map);
        for own in own.take(MOST) {
            judge(cx, own, &merges, sink);
        }
    }
}

/// The mappings that a merge key brings.
fn sources(merged: Value<'_>) -> impl Iterator<Item = Value<'_>> {
    let single = (merged.kind() == Kind::Map).then_some(merged);
    single.into_iter().chain(merged.items()).filter(|source| source.kind() == Kind::Map)
}

fn judge<'a>(cx: &DocumentCx<'a>, own: Entry<'a>, merges: &[Value<'a>], sink: &mut Sink<'_>) {
    let Some(name) = own.key.as_str() else { return };
    // Of several merged mappings the earlier one wins.
    let Some(hidden) = merges.iter().find_map(|source| source.entry(name)) else { return };
    if hidden.value.kind() != Kind::Map {
        return;
    }
    let lost: Vec<&str> = hidden
        .value
        .entries()
        .take(MOST)
        .filter_map(|entry| entry.key.as_str())
        .filter(|key| own.value.get(key).is_none())
        .collect();
    if lost.is_empty() {
        return;
    }
    let keys = list(lost.iter().copied(), 3, " and ");
    let name = crate::rules::written::excerpt(name);
    sink.report(
        cx.at(own.key.span(), format!("this `{name}` hides the merged one, and {keys} with it"))
            .label("replaces it as a whole")
            .related(cx.document.place(hidden.key.span()), "this one is hidden")
            .why("`<<` does not merge mappings within mappings")
            .help(format!("give the other `{name}` an anchor of its own, and merge that here, too")),
    );
}
