//! Jobs that nothing starts.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, On, Rule, Sink, jobs};
use crate::schema::check::What;

pub(crate) static RULE: Rule = rule! {
    /// Finds Chronos jobs with neither a `schedule` nor `parents`.
    ///
    /// ## Why it matters
    ///
    /// A job runs at times (`schedule`) or after other jobs (`parents`). PaaSTA refuses a job that
    /// has neither.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   cmd: run
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `schedule` and `parents`; the chronos schema of paasta-tools 0.66.6.
    "schedule-or-parents" in Schedule,
    level: Error,
    on: On::kinds(&[FileKind::Chronos]),
    speaks_for: Some(|error| matches!(error.problem.what, What::TriggerMissing)),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let is_job = !cx.instance.entry.value.is_empty();
    if !is_job || cx.own("schedule").is_some() || cx.own("parents").is_some() {
        return;
    }
    let mut finding = cx
        .at_name(format!("the job `{}` has neither `schedule` nor `parents`", jobs::shown(cx.instance.name)))
        .label("nothing starts this job")
        .why("PaaSTA refuses the job")
        .help("add a `schedule` (`0 3 * * *`), or the `parents` after which it runs")
        .absent(&["schedule", "parents"]);
    // A default would start it, but `paasta validate` looks at the file of the job only.
    if let Some(default) = cx.default("schedule").or_else(|| cx.default("parents")) {
        finding = finding.related(default.key_place(), "`paasta validate` does not look at this default");
    }
    sink.report(finding);
}
