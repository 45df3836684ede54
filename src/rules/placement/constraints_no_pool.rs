//! Constraints of one's own that forget the pool.

use crate::model::kind::FileKind;
use crate::rules::support::constraints;
use crate::rules::{Check, InstanceCx, On, Rule, Sink};
use crate::yaml::Value;

pub(crate) static RULE: Rule = rule! {
    /// Finds `constraints` without one on `pool`.
    ///
    /// ## Why it matters
    ///
    /// `constraints` replaces what PaaSTA would write, also the constraint that keeps tasks in their
    /// pool. They may then run on any host, the reserved and the expensive ones included. The
    /// documentation's own example has none, hence this is advice.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   constraints: [[habitat, GROUP_BY]]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_constraints: [[habitat, GROUP_BY]]
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `pool`: the constraint is added "unless overridden with the constraints
    /// input".
    "constraints-no-pool" in Placement,
    level: Info,
    on: On::keys(&["constraints"]).within(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    // With a `pool` beside it, the loss of that has a finding of its own.
    if cx.get("pool").is_some() {
        return;
    }
    for list in constraints::lists(cx).filter(|list| list.is_explicit) {
        let field = |item: Value<'_>| item.items().next().and_then(Value::as_str) == Some("pool");
        if list.constraints().any(|constraint| field(constraint.item)) {
            continue;
        }
        sink.report(
            cx.at_key(&list.located, "with these `constraints` tasks may run in any pool")
                .label("nothing about the pool")
                .why("they may come to hosts that are reserved for others")
                .help(
                    "use `extra_constraints`, which adds to the usual ones, or add `[pool, LIKE, default]`",
                ),
        );
    }
}
