//! Empty lists of parents.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot};
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
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("parents"), check),
};

fn check(cx: &InstanceCx<'_>, parents: &Located<'_>, sink: &mut Sink<'_>) {
    if cx.set("schedule").is_some() {
        return;
    }
    if parents.value.kind() == Kind::Seq && parents.value.is_empty() {
        sink.report(
            cx.at_value(parents, "the list of parents is empty")
                .label("nothing starts this job")
                .why("PaaSTA accepts it, Chronos refuses the job")
                .help("name the jobs after which it runs, or give it a `schedule`"),
        );
    }
}
