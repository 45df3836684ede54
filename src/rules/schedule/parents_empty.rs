//! Empty lists of parents.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Rule, Sink};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds Chronos jobs whose `parents` is an empty list.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA accepts the list, Chronos refuses a job that has neither a schedule nor a parent.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// load:
    ///   parents: []
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// load:
    ///   schedule: 0 3 * * *
    ///   cmd: run
    /// ```
    ///
    /// ## Source
    ///
    /// Chronos 2.5.0: `POST /scheduler/dependency` refuses a job without parents.
    "parents-empty" in Schedule,
    level: Error,
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    if cx.instance.kind != FileKind::Chronos || cx.set("schedule").is_some() {
        return;
    }
    let Some(parents) = cx.set("parents") else { return };
    if parents.value.kind() == Kind::Seq && parents.value.is_empty() {
        sink.report(
            cx.at_value(&parents, "the list of parents is empty")
                .label("nothing starts this job")
                .why("PaaSTA accepts it, Chronos refuses the job")
                .help("name the jobs after which it runs, or give it a `schedule`"),
        );
    }
}
