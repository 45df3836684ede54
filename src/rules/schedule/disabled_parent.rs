//! Parents that are switched off.

use std::collections::BTreeMap;

use crate::repo::{Job, Needs};
use crate::rules::{Check, Rule, Sink, TreeCx, jobs};

pub(crate) static RULE: Rule = rule! {
    /// Finds Chronos jobs that wait for a job that is disabled.
    ///
    /// ## Why it matters
    ///
    /// A disabled job does not run, so what waits for it does not run either, nor what waits for that.
    /// A job with several parents waits for all of them.
    ///
    /// ## Example
    ///
    /// ```yaml example/chronos-norcal-prod.yaml
    /// extract:
    ///   schedule: 0 3 * * *
    ///   disabled: true
    ///   cmd: run
    /// load:
    ///   parents: example.extract
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml example/chronos-norcal-prod.yaml
    /// extract:
    ///   schedule: 0 3 * * *
    ///   cmd: run
    /// load:
    ///   parents: example.extract
    ///   cmd: run
    /// ```
    ///
    /// ## Source
    ///
    /// Chronos 2.5.0: a disabled job never triggers its children.
    "disabled-parent" in Schedule,
    level: Warning,
    check: Check::Tree(Needs::PARENTS, check),
};

fn check(cx: &TreeCx<'_>, sink: &mut Sink<'_>) {
    let jobs = || cx.services.iter().flat_map(|service| service.jobs.iter().map(move |job| (service, job)));
    let disabled: BTreeMap<(&str, &str, &str), &Job> = jobs()
        .filter(|(_, job)| job.disabled)
        .map(|(service, job)| ((job.cluster.as_str(), service.name.as_str(), job.name.as_str()), job))
        .collect();
    if disabled.is_empty() {
        return;
    }
    for (service, job) in jobs().filter(|(service, job)| service.selected && !job.disabled) {
        for parent in &job.parents {
            let Some((of, name)) = parent.name.split_once('.') else { continue };
            let Some(other) = disabled.get(&(job.cluster.as_str(), of, name)) else { continue };
            let message = format!("the job waits for `{}`, which is disabled", jobs::shown(&parent.name));
            sink.report(
                jobs::about(cx, service, job, parent.place.clone(), message)
                    .label("never runs")
                    .related(other.place.clone(), "disabled")
                    .why("the job never runs, nor does what waits for it")
                    .help("disable this job, too, or take the parent away"),
            );
        }
    }
}
