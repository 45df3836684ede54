//! Tasks that are never restarted.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot};

pub(crate) static RULE: Rule = rule! {
    /// Finds `healthcheck_max_consecutive_failures: 0`, with which no task is ever restarted.
    ///
    /// ## Why it matters
    ///
    /// 0 looks like "at the first failure" and means "never": Marathon shows a failing task as
    /// unhealthy and leaves it running for good.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   healthcheck_max_consecutive_failures: 0
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   healthcheck_max_consecutive_failures: 1
    /// ```
    ///
    /// ## Source
    ///
    /// Marathon's documentation of health checks: "if this value is 0, tasks will not be killed".
    "healthcheck-failures-zero" in Health,
    level: Warning,
    on: On::kinds(&[FileKind::Marathon]),
    check: Check::Entry(Slot::known("healthcheck_max_consecutive_failures"), check),
};

fn check(cx: &InstanceCx<'_>, failures: &Located<'_>, sink: &mut Sink<'_>) {
    if failures.value.as_i64() != Some(0) {
        return;
    }
    sink.report(
        cx.at_value(failures, "0 failures do not mean at once, but never")
            .label("no task is ever restarted")
            .why("Marathon leaves unhealthy tasks running for good")
            .help("write how many failed checks in a row are too many; 1 is the strictest"),
    );
}
