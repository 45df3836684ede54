//! Pools that are patterns.

use crate::model::kind::FileKind;
use crate::rules::support::words::shown;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot};

pub(crate) static RULE: Rule = rule! {
    /// Finds `pool` with characters that have a meaning in regular expressions.
    ///
    /// ## Why it matters
    ///
    /// The constraint on the pool compares by pattern. `gpu|default` is then two pools, and `c++`
    /// none at all; other parts of PaaSTA look for a pool of exactly that name and find none.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   pool: gpu|default
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   pool: gpu
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `pool`: it becomes `["pool", "LIKE", <pool>]`.
    "pool-regex" in Placement,
    level: Warning,
    supersedes: &["pool-unknown"],
    on: On::kinds(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Entry(Slot::known("pool"), check),
};

fn check(cx: &InstanceCx<'_>, pool: &Located<'_>, sink: &mut Sink<'_>) {
    if cx.set("constraints").is_some() {
        return;
    }
    let Some(name) = pool.value.as_str() else { return };
    let Some(wrong) = name.chars().find(|c| "|*+?[](){}^$\\".contains(*c)) else { return };
    sink.report(
        cx.at_value(pool, format!("the name of the pool `{}` is taken as a pattern", shown(name)))
            .label(format!("`{wrong}` has a meaning there"))
            .why(
                "tasks may come to other pools than meant, or nowhere, and parts of PaaSTA find no such pool",
            )
            .help("name one pool; for several, use `constraints`"),
    );
}
