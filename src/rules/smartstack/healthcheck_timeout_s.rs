//! Health checks of SmartStack that take too long.

use crate::rules::{Blocks, Check, Located, NamespaceCx, Rule, Sink, Slot};

pub(crate) static RULE: Rule = rule! {
    /// Finds `healthcheck_timeout_s` of more than ten seconds.
    ///
    /// ## Why it matters
    ///
    /// Nerve checks a task again when the last check has ended. The longer a check may take, the
    /// longer a task that hangs gets traffic; milliseconds written where seconds are meant make it
    /// minutes or hours.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   healthcheck_timeout_s: 2000
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   healthcheck_timeout_s: 2
    /// ```
    ///
    /// ## Source
    ///
    /// nerve-tools: the timeout plus one second is the interval of the check; later schemas of
    /// PaaSTA allow 0 to 10.
    "healthcheck-timeout-s" in Smartstack,
    level: Warning,
    blocks: Blocks::Smartstack,
    check: Check::NamespaceEntry(Slot::known("healthcheck_timeout_s"), check),
};

/// Seconds that later schemas allow.
const MOST: f64 = 10.0;

fn check(cx: &NamespaceCx<'_>, timeout: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(seconds) = timeout.value.as_number().filter(|seconds| seconds.is_finite() && *seconds > MOST)
    else {
        return;
    };
    sink.report(
        cx.at_value(timeout, format!("a health check may take {seconds} seconds"))
            .label(if seconds >= 100.0 {
                "these are seconds, not milliseconds"
            } else {
                "more than 10 seconds"
            })
            .why("a task that hangs gets traffic until the check has ended")
            .help("wait for a few seconds at most; 1 is the default"),
    );
}
