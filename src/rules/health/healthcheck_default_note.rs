//! How long an unhealthy task stays.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds health checks that leave the number of tolerated failures to a default that
    /// documentation and code do not agree on.
    ///
    /// ## Why it matters
    ///
    /// The documentation says that a task is restarted after 6 failed checks in a row, paasta-tools
    /// 0.66 sends 30. With the default interval of 10 seconds an unhealthy task stays for five
    /// minutes instead of one.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   healthcheck_mode: http
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   healthcheck_mode: http
    ///   healthcheck_max_consecutive_failures: 6
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `healthcheck_max_consecutive_failures`; paasta-tools 0.66.6
    /// `marathon_tools:MarathonServiceConfig.get_healthcheck_max_consecutive_failures`.
    "healthcheck-default-note" in Health,
    level: Info,
    on: On::keys(&["healthcheck_mode"]).within(&[FileKind::Marathon]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let Some(mode) = cx.own("healthcheck_mode") else { return };
    if cx.set("healthcheck_max_consecutive_failures").is_some() {
        return;
    }
    if !matches!(mode.value.as_str(), Some("http" | "https" | "tcp" | "cmd")) {
        return;
    }
    sink.report(
        cx.at_key(
            &mode,
            "a task is restarted after 6 failed checks by the documentation, after 30 by paasta-tools 0.66",
        )
        .label("how many failures are tolerated is not said")
        .why("an unhealthy task may stay five times as long as expected")
        .help("set `healthcheck_max_consecutive_failures`")
        .absent(&["healthcheck_max_consecutive_failures"]),
    );
}
