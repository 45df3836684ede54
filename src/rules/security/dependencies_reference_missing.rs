//! What the firewall should let through.

use crate::diagnostic::Severity;
use crate::model::kind::FileKind;
use crate::rules::support::words::shown;
use crate::rules::{Check, Fixable, InstanceCx, Level, Located, On, Rule, Sink, Slot};
use crate::suggest;
use crate::yaml::{Kind, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds a `dependencies_reference` that dependencies.yaml does not have.
    ///
    /// ## Why it matters
    ///
    /// The outbound firewall of an instance lets through what the list of that name in
    /// dependencies.yaml says. Without the list `paasta validate` refuses a Chronos job, and the
    /// program that sets up the firewall of a host fails on the instance. An instance without
    /// `security.outbound_firewall` has no firewall, so there the key does nothing.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   security: {outbound_firewall: block}
    ///   dependencies_reference: mian
    /// ```
    ///
    /// ```yaml dependencies.yaml
    /// main:
    ///   - well-known: internet
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   security: {outbound_firewall: block}
    ///   dependencies_reference: main
    /// ```
    ///
    /// ```yaml dependencies.yaml
    /// main:
    ///   - well-known: internet
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Unsafe: what was meant is a guess.
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `utils:InstanceConfig.check_dependencies_reference`, `firewall`.
    "dependencies-reference-missing" in Security,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Entry(Slot::known("dependencies_reference"), check),
};

/// Names among which one is looked for that may have been meant.
const MOST_NAMES: usize = 100;

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(name) = located.value.as_str() else { return };
    if name.is_empty() && cx.instance.kind == FileKind::Marathon {
        return;
    }
    // `dependencies:` in service.yaml replaces the file (paasta-behaviour.md section 2).
    let replaced = cx.default("dependencies").map(|found| found.value);
    let file = cx.service.document("dependencies.yaml");
    let lists: Option<Value<'_>> = match (replaced, file) {
        (Some(value), _) => Some(value),
        (None, Some(document)) => match document.tree() {
            Some(tree) => Some(tree.root()),
            None => return,
        },
        (None, None) => None,
    };
    let lists = match lists.map(|lists| (lists, lists.kind())) {
        Some((lists, Kind::Map)) => Some(lists),
        Some((_, Kind::Null)) | None => None,
        Some(_) => return,
    };
    if lists.is_some_and(|lists| lists.entry(name).is_some()) {
        return;
    }
    let has_firewall = cx
        .merged("security")
        .iter()
        .any(|e| e.key.as_str() == Some("outbound_firewall") && !e.value.is_null());
    let mut finding = match lists {
        Some(_) => cx.at_value(located, format!("dependencies.yaml has no list `{}`", shown(name))),
        None => cx.at_value(located, format!("there is no dependencies.yaml with a list `{}`", shown(name))),
    };
    let meant = lists.and_then(|lists| {
        suggest::nearest(name, lists.entries().take(MOST_NAMES).filter_map(|e| e.key.as_str()))
    });
    finding = finding.label("no such list").help(match meant {
        Some(meant) => format!("did you mean `{}`?", shown(meant)),
        None => "add the list to dependencies.yaml, or remove the reference".to_owned(),
    });
    finding = match (cx.instance.kind, has_firewall) {
        (FileKind::Chronos, _) => finding.why("`paasta validate` refuses the job"),
        (_, true) => finding.why("the firewall of every host that runs the instance cannot be set up"),
        (_, false) => {
            finding.why("it does nothing now, and breaks when a firewall is set").severity(Severity::Warning)
        }
    };
    sink.report(crate::rules::support::edits::offer(finding, name, meant));
}
