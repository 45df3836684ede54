//! Parents with a last run.

use std::collections::BTreeMap;

use crate::repo::{Job, Needs};
use crate::rules::{Check, Rule, Sink, TreeCx, jobs};
use crate::schedule::runs::Repeating;

pub(crate) static RULE: Rule = rule! {
    /// Finds Chronos jobs that wait for a job with a limited number of runs.
    ///
    /// ## Why it matters
    ///
    /// After the last run of its parent a job never runs again, and nobody is told. For a task that is
    /// done once that is what is wanted. It is advice and off by default.
    ///
    /// ## Example
    ///
    /// ```yaml example/chronos-norcal-prod.yaml
    /// extract:
    ///   schedule: R5/2017-01-01T03:00:00Z/P1D
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
    ///   schedule: R/2017-01-01T03:00:00Z/P1D
    ///   cmd: run
    /// load:
    ///   parents: example.extract
    ///   cmd: run
    /// ```
    ///
    /// ## Source
    ///
    /// Chronos 2.5.0: a job without runs left is disabled.
    "parent-finite" in Schedule,
    level: Info,
    check: Check::Tree(Needs::PARENTS, check),
};

fn check(cx: &TreeCx<'_>, sink: &mut Sink<'_>) {
    let all = || cx.services.iter().flat_map(|service| service.jobs.iter().map(move |job| (service, job)));
    let runs = |job: &Job| {
        let schedule = job.schedule.as_ref()?;
        Repeating::of(&schedule.text).map(|times| times.runs).filter(|runs| *runs != u64::MAX)
    };
    let finite: BTreeMap<(&str, &str, &str), (&Job, u64)> = all()
        .filter_map(|(service, job)| {
            Some(((job.cluster.as_str(), service.name.as_str(), job.name.as_str()), (job, runs(job)?)))
        })
        .collect();
    if finite.is_empty() {
        return;
    }
    for (service, job) in all().filter(|(service, _)| service.selected) {
        for parent in &job.parents {
            let Some((of, name)) = parent.name.split_once('.') else { continue };
            let Some((other, runs)) = finite.get(&(job.cluster.as_str(), of, name)) else { continue };
            let times = if *runs == 1 { "once".to_owned() } else { format!("{runs} times") };
            let message =
                format!("the job waits for `{}`, which runs only {times}", jobs::shown(&parent.name));
            let place = other.schedule.as_ref().map_or(&other.place, |schedule| &schedule.place);
            sink.report(
                jobs::about(cx, service, job, parent.place.clone(), message)
                    .label("stops with it")
                    .related(place.clone(), format!("runs {times}"))
                    .why("after the last run of its parent the job never runs again")
                    .help("write `R` for runs without an end, unless that is what is wanted"),
            );
        }
    }
}
