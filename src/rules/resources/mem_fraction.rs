//! A fraction of a megabyte.

use crate::rules::written::written;
use crate::rules::{Check, DocumentCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds `mem` with a fraction of a megabyte.
    ///
    /// ## Why it matters
    ///
    /// The limit of memory keeps the fraction; the limit of memory and swap together, which is there
    /// to forbid swapping, is rounded up. The difference is swap. It is advice and off by default.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   mem: 100.5
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   mem: 101
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `utils:InstanceConfig.get_mem_swap`.
    "mem-fraction" in Resources,
    level: Info,
    on: On::keys(&["mem"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for mem in written(cx, "mem") {
        if mem.value.as_f64().is_some_and(|amount| amount.is_finite() && amount.fract() != 0.0) {
            sink.report(
                cx.at(mem.value.span(), "`mem` has a fraction of a megabyte")
                    .label("memory and swap together are rounded up")
                    .why("the container may swap the difference, which it should not at all")
                    .help("write whole megabytes"),
            );
        }
    }
}
