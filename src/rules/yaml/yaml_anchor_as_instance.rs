//! Templates that run.

use crate::diagnostic::Severity;
use crate::model::kind::FileKind;
use crate::rules::support::words::shown;
use crate::rules::{Check, DocumentCx, Level, On, Rule, Sink};
use crate::yaml::{Entry, Kind};

pub(crate) static RULE: Rule = rule! {
    /// Finds templates for other instances that are instances themselves.
    ///
    /// ## Why it matters
    ///
    /// Every key at the top of these files is an instance: a mapping that is only there to be merged
    /// into others runs, too, or tries to. A leading `_` does not change that.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// defaults: &defaults
    ///   mem: 500
    /// main:
    ///   <<: *defaults
    ///   instances: 3
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main: &main
    ///   mem: 500
    ///   instances: 3
    /// canary:
    ///   <<: *main
    ///   instances: 1
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 takes every top-level key for an instance; only versions from 2018 on pass
    /// over those that begin with `_`.
    "yaml-anchor-as-instance" in Yaml,
    level: Warning,
    also: &[Level::Error],
    supersedes: &["deploy-group-missing-step", "instance-name-pattern", "schedule-or-parents"],
    on: On::kinds(&[FileKind::Marathon, FileKind::Chronos, FileKind::Adhoc]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    let Some(kind) = cx.document.kind else { return };
    let tree = cx.root.tree();
    if tree.anchors().is_empty() || cx.root.kind() != Kind::Map {
        return;
    }
    for entry in cx.root.own_entries() {
        if entry.value.anchor().is_none() {
            continue;
        }
        let Some(name) = entry.key.as_str().filter(|name| is_template_name(name)) else { continue };
        if !is_merged_elsewhere(cx, entry) {
            continue;
        }
        let noun = kind.entry_noun();
        let finding = cx
            .at(entry.key.span(), format!("the template `{}` is {} itself", shown(name), a(noun)))
            .label(format!("PaaSTA takes every top-level key for {}", a(noun)))
            .help(format!("put the anchor at a real {noun}, and merge that into the others"));
        sink.report(match refusal(kind, entry, name) {
            Some(why) => finding.why(why).severity(Severity::Error),
            None => finding.why("it runs, or tries to, like those that are made of it"),
        });
    }
}

fn a(noun: &str) -> String {
    format!("{} {noun}", if noun == "instance" { "an" } else { "a" })
}

/// Why PaaSTA refuses the file for it: by the name in Marathon, for want of a schedule in Chronos.
fn refusal(kind: FileKind, entry: Entry<'_>, name: &str) -> Option<&'static str> {
    let is_lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    match kind {
        FileKind::Marathon if !name.starts_with(is_lower) => {
            Some("Marathon takes no such name for an instance, and `paasta validate` refuses the file")
        }
        FileKind::Chronos
            if entry.value.get("schedule").is_none() && entry.value.get("parents").is_none() =>
        {
            Some(
                "a job needs `schedule` or `parents`, and `paasta validate` refuses the file for want of them",
            )
        }
        _ => None,
    }
}

/// Whether the entry's mapping has an anchor that something uses.
fn is_merged_elsewhere(cx: &DocumentCx<'_>, entry: Entry<'_>) -> bool {
    let Some(name) = entry.value.anchor().filter(|_| !entry.value.is_alias()) else { return false };
    let tree = cx.root.tree();
    entry.value.kind() == Kind::Map
        && tree.anchors().iter().any(|anchor| anchor.uses > 0 && anchor.name.of(tree.text()) == name)
}

/// Whether the name says that it is no instance.
fn is_template_name(name: &str) -> bool {
    let mut words = name.split(['-', '_', '.']).filter(|word| !word.is_empty());
    let is_word = |word: &str, list: &[&str]| list.iter().any(|other| word.eq_ignore_ascii_case(other));
    let mut all = words.clone();
    let alone = all.next().filter(|_| all.next().is_none());
    name.starts_with(['_', '.'])
        || name.starts_with("x-")
        || alone.is_some_and(|word| is_word(word, &["common", "shared", "base"]))
        || words.any(|word| is_word(word, &["template", "templates", "defaults", "anchor", "anchors"]))
}

#[cfg(test)]
mod tests {
    use super::is_template_name;

    #[test]
    fn names_of_templates_are_told_from_those_of_instances() {
        for name in ["_main", "defaults", "worker_template", "x-common", ".base", "common", "batch-defaults"]
        {
            assert!(is_template_name(name), "{name}");
        }
        for name in ["main", "default", "shared_worker", "database", "canary", "", "-"] {
            assert!(!is_template_name(name), "{name}");
        }
    }
}
