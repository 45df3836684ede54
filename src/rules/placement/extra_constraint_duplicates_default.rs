//! Constraints that PaaSTA makes anyway.

use crate::model::kind::FileKind;
use crate::rules::support::constraints;
use crate::rules::{Check, Fixable, InstanceCx, On, Rule, Sink};
use crate::yaml::Value;
use crate::yaml::edit;

pub(crate) static RULE: Rule = rule! {
    /// Finds `extra_constraints` that repeat the pool.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA adds the constraint on the pool itself. Written a second time it has no effect, until
    /// somebody changes `pool`: then the two contradict each other, and no host is left.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_constraints: [[pool, LIKE, default]]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   pool: default
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: PaaSTA adds the same constraint. The last one of a list stays, since the list must not be empty.
    ///
    /// ## Source
    ///
    /// The documentation of `pool`; paasta-tools 0.66.6 `marathon_tools:get_calculated_constraints`.
    "extra-constraint-duplicates-default" in Placement,
    level: Info,
    fix: Fixable::Sometimes,
    on: On::keys(&["extra_constraints"]).within(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    if cx.set("constraints").is_some() {
        return;
    }
    let pool = cx.set("pool");
    let own = match &pool {
        Some(pool) => pool.value.as_str(),
        None => Some("default"),
    };
    let Some(own) = own else { return };
    for list in constraints::lists(cx).filter(|list| !list.is_explicit) {
        for constraint in list.constraints().filter(|constraint| constraint.operator == Some("LIKE")) {
            let is_pool = constraint.item.items().next().and_then(Value::as_str) == Some("pool");
            if !is_pool || constraint.value.and_then(Value::as_str) != Some(own) {
                continue;
            }
            sink.report(
                cx.at_part(&list.located, constraint.item, "PaaSTA adds the constraint on the pool itself")
                    .label("written twice")
                    .why("it has no effect, until `pool` changes and the two contradict each other")
                    .help("remove it; `pool` says where tasks run")
                    .safe_fix("remove it", edit::remove_item(list.located.value, constraint.item)),
            );
        }
    }
}
