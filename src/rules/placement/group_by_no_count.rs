//! Spreading over an unknown number of groups.

use crate::model::kind::FileKind;
use crate::rules::support::constraints;
use crate::rules::{Check, InstanceCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds `GROUP_BY` without the number of groups.
    ///
    /// ## Why it matters
    ///
    /// Marathon learns of a group when a host of it offers resources. Until it has heard of all, the
    /// first tasks may all come to one group, and stay there.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_constraints: [[region, GROUP_BY]]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_constraints: [[region, GROUP_BY, "2"]]
    /// ```
    ///
    /// ## Source
    ///
    /// Marathon's documentation of constraints; PaaSTA's own constraint has the number.
    "group-by-no-count" in Placement,
    level: Info,
    on: On::keys(&["constraints", "extra_constraints"]).within(&[FileKind::Marathon]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    for list in constraints::lists(cx) {
        for constraint in list.constraints() {
            if constraint.operator != Some("GROUP_BY") || constraint.value.is_some() {
                continue;
            }
            sink.report(
                cx.at_part(
                    &list.located,
                    constraint.operator_value,
                    "GROUP_BY does not say how many groups there are",
                )
                .label("a third item is missing")
                .why("the first tasks may all come to the groups that Marathon has heard of already")
                .help("add how many values the field has, as in `[region, GROUP_BY, \"2\"]`"),
            );
        }
    }
}
