//! `cpu_burst_pct: 0`.

use crate::rules::written::written;
use crate::rules::{Check, DocumentCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds `cpu_burst_pct: 0`.
    ///
    /// ## Why it matters
    ///
    /// By default a task may use idle CPUs of its host, up to ten times its share. With 0 it is held
    /// at `cpus` however idle the host is: slow starts and latency that no graph of the host explains.
    /// Some services want that, so it is advice and off by default.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpu_burst_pct: 0
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpu_burst_pct: 100
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `utils:InstanceConfig.get_cpu_quota`; the default is 900.
    "cpu-burst-zero" in Resources,
    level: Info,
    on: On::keys(&["cpu_burst_pct"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for burst in written(cx, "cpu_burst_pct") {
        if burst.value.as_i64() == Some(0) {
            sink.report(
                cx.at(burst.value.span(), "`cpu_burst_pct: 0` forbids the use of idle CPUs")
                    .label("a hard limit at `cpus`")
                    .why("the kernel stops the tasks in every period in which they reach `cpus`, even on an idle host")
                    .help("remove it, or write how many percent beyond `cpus` a task may use"),
            );
        }
    }
}
