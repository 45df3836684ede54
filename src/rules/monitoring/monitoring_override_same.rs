//! Overrides that change nothing.

use crate::model::kind::FileKind;
use crate::rules::{Blocks, Check, Fixable, InstanceCx, On, Rule, Sink};
use crate::yaml::{Kind, edit};

pub(crate) static RULE: Rule = rule! {
    /// Finds monitoring settings of an instance that repeat what monitoring.yaml says.
    ///
    /// ## Why it matters
    ///
    /// An override that says the same looks as if the instance were special. When monitoring.yaml
    /// changes, the instance keeps the old value. It is advice and off by default.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   monitoring:
    ///     team: storefront
    /// ```
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   monitoring:
    ///     page: false
    /// ```
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Unsafe: what is in force now stays, but follows monitoring.yaml from then on.
    ///
    /// ## Source
    ///
    /// paasta-behaviour: the settings of an instance are merged over monitoring.yaml.
    "monitoring-override-same" in Monitoring,
    level: Info,
    blocks: Blocks::Nothing,
    fix: Fixable::Sometimes,
    on: On::keys(&["monitoring"]).within(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    // `monitoring` in service.yaml replaces the file.
    if cx.default("monitoring").is_some() {
        return;
    }
    let Some(block) = cx.own("monitoring").filter(|block| block.value.kind() == Kind::Map) else { return };
    if block.value.is_alias() {
        return;
    }
    let Some((document, root)) = cx.service.mapping("monitoring.yaml") else { return };
    for entry in block.value.own_entries() {
        let Some(usual) = entry.key.as_str().and_then(|key| root.entry(key)) else { continue };
        let (own, other) = (entry.value, usual.value);
        let is_same = own.is_scalar() && own.kind() == other.kind() && own.repr() == other.repr();
        if is_same {
            let key = entry.key.text();
            sink.report(
                cx.at_part(&block, entry.key, format!("`{key}` repeats what monitoring.yaml says"))
                    .label("changes nothing")
                    .related(document.place(usual.key.span()), "the same here")
                    .why("the instance keeps this value when monitoring.yaml changes")
                    .help("remove it")
                    .unsafe_fix(format!("remove `{key}`"), edit::remove_entry(block.value, entry)),
            );
        }
    }
}
