//! Two constraints on one field that get into each other's way.

use std::collections::BTreeMap;

use crate::model::kind::FileKind;
use crate::rules::support::constraints;
use crate::rules::support::words::shown;
use crate::rules::{Check, Fixable, InstanceCx, On, Rule, Sink};
use crate::yaml::Value;
use crate::yaml::edit;

pub(crate) static RULE: Rule = rule! {
    /// Finds two constraints that spread tasks over the same field.
    ///
    /// ## Why it matters
    ///
    /// `UNIQUE`, `GROUP_BY` and `MAX_PER` each decide how many tasks a value of the field may have.
    /// Two of them on one field contradict each other, or the weaker one does nothing. Marathon
    /// then finds no host for some tasks, and they wait for ever.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_constraints:
    ///     - [hostname, UNIQUE]
    ///     - [hostname, GROUP_BY, "2"]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_constraints:
    ///     - [hostname, UNIQUE]
    ///     - [region, GROUP_BY, "2"]
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Unsafe: the second one goes, and it may be the one that is meant.
    ///
    /// ## Source
    ///
    /// Marathon's documentation of constraints.
    "constraint-duplicate" in Placement,
    level: Warning,
    fix: Fixable::Sometimes,
    on: On::keys(&["constraints", "extra_constraints"]).within(&[FileKind::Marathon]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    for list in constraints::lists(cx).filter(|list| list.located.value.len() > 1) {
        let mut seen: BTreeMap<&str, (&str, Value<'_>)> = BTreeMap::new();
        for constraint in list.constraints() {
            let Some(operator @ ("UNIQUE" | "GROUP_BY" | "MAX_PER")) = constraint.operator else { continue };
            let Some(field) = constraint.item.items().next().and_then(Value::as_str) else { continue };
            let Some((other, first)) = seen.get(field) else {
                seen.insert(field, (operator, constraint.item));
                continue;
            };
            // Twice the very same is the schema's business.
            if first.raw() == constraint.item.raw() {
                continue;
            }
            sink.report(
                cx.at_part(
                    &list.located,
                    constraint.item,
                    format!("`{}` is spread twice, by {other} and {operator}", shown(field)),
                )
                .label("the same field again")
                .related(list.located.document.place(first.span()), "the first one")
                .why("they contradict each other, or the weaker one does nothing")
                .help("keep the one that is meant")
                .unsafe_fix("remove the second one", edit::remove_item(list.located.value, constraint.item)),
            );
        }
    }
}
