//! When missing tasks are an alert.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot};

pub(crate) static RULE: Rule = rule! {
    /// Finds `replication_threshold` with which an alert never comes, or comes at each bounce.
    ///
    /// ## Why it matters
    ///
    /// An alert is raised when less than this percentage of the tasks is available. Fewer than 0 %
    /// are never available, so with 0 nobody hears of an outage. With 100 a single task that is
    /// replaced is an alert. A share such as 0.8 is no percentage.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   replication_threshold: 0
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   replication_threshold: 50
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `replication_threshold`; paasta-tools 0.66.6
    /// `check_marathon_services_replication`.
    "replication-threshold" in Bounce,
    level: Warning,
    on: On::kinds(&[FileKind::Marathon]),
    check: Check::Entry(Slot::known("replication_threshold"), check),
};

fn check(cx: &InstanceCx<'_>, threshold: &Located<'_>, sink: &mut Sink<'_>) {
    match threshold.value.as_i64() {
        Some(0) => sink.report(
            cx.at_value(threshold, "with a threshold of 0 % no missing task is ever an alert")
                .label("never an alert")
                .why("nobody hears of it when all tasks are gone")
                .help("write the percentage of tasks that must be there; 50 is the default"),
        ),
        Some(1) => sink.report(
            cx.at_value(threshold, "an alert comes when less than 1 % of the tasks is there")
                .label("a percentage, not a share")
                .why("nobody hears of it until all tasks are gone")
                .help("if all tasks are meant, write a percentage below 100"),
        ),
        Some(100) => sink.report(
            cx.at_value(threshold, "with a threshold of 100 % a single missing task is an alert")
                .label("an alert at each bounce")
                .why("each bounce, and each host that is replaced, raises an alert that means nothing")
                .help("leave room for the tasks that are being replaced; 50 is the default"),
        ),
        _ => {}
    }
}
