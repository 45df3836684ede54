//! Bounces that need room for everything twice.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot};

pub(crate) static RULE: Rule = rule! {
    /// Finds `upthendown` bounces of more than twenty tasks.
    ///
    /// ## Why it matters
    ///
    /// `upthendown` stops nothing before all new tasks are healthy: the cluster must have room for
    /// twice the tasks, and a single one that does not get healthy holds the bounce up for ever.
    /// The more tasks there are, the likelier that is.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 60
    ///   bounce_method: upthendown
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 60
    ///   bounce_method: crossover
    /// ```
    ///
    /// ## Source
    ///
    /// PaaSTA's documentation of bouncing; paasta-tools 0.66.6 `bounce_lib:upthendown_bounce`.
    "bounce-upthendown-large" in Bounce,
    // A cluster may have the room, and the service may need it so.
    level: Info,
    strict: Some(crate::rules::Level::Warning),
    on: On::kinds(&[FileKind::Marathon]),
    check: Check::Entry(Slot::known("bounce_method"), check),
};

/// More tasks than this are many.
const MANY: i64 = 20;

fn check(cx: &InstanceCx<'_>, method: &Located<'_>, sink: &mut Sink<'_>) {
    if method.value.as_str() != Some("upthendown") {
        return;
    }
    // `max_instances` turns autoscaling on, and `instances` is then ignored.
    let Some(count) = cx.set("max_instances").or_else(|| cx.set("instances")) else { return };
    let Some(number) = count.value.as_i64().filter(|number| *number > MANY) else { return };
    sink.report(
        cx.at_value(method, format!("`upthendown` needs room for {number} tasks twice"))
            .label("waits for all new tasks at once")
            .related(count.value_place(), "so many tasks")
            .why("one new task that does not get healthy holds the bounce up for ever, with all old tasks still there")
            .help("use `crossover`, which replaces task by task"),
    );
}
