//! Many jobs at the same minute.

use std::collections::BTreeMap;

use crate::diagnostic::Step;
use crate::repo::{Job, Needs};
use crate::rules::{Check, Rule, Sink, TreeCx};

pub(crate) static RULE: Rule = rule! {
    /// Finds Chronos jobs with the same cron schedule at a full hour as at least nine others of their
    /// cluster, among the services that are checked.
    ///
    /// ## Why it matters
    ///
    /// All of them ask for containers in the same second, wait for each other, and read the same
    /// databases. A few minutes earlier or later cost nothing. It is advice and off by default.
    ///
    /// ## Example
    ///
    /// ```yaml example/chronos-norcal-prod.yaml
    /// job0: {schedule: 0 0 * * *, cmd: run}
    /// job1: {schedule: 0 0 * * *, cmd: run}
    /// job2: {schedule: 0 0 * * *, cmd: run}
    /// job3: {schedule: 0 0 * * *, cmd: run}
    /// job4: {schedule: 0 0 * * *, cmd: run}
    /// job5: {schedule: 0 0 * * *, cmd: run}
    /// job6: {schedule: 0 0 * * *, cmd: run}
    /// job7: {schedule: 0 0 * * *, cmd: run}
    /// job8: {schedule: 0 0 * * *, cmd: run}
    /// job9: {schedule: 0 0 * * *, cmd: run}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml example/chronos-norcal-prod.yaml
    /// job0: {schedule: 0 0 * * *, cmd: run}
    /// job1: {schedule: 5 0 * * *, cmd: run}
    /// job2: {schedule: 10 0 * * *, cmd: run}
    /// job3: {schedule: 15 0 * * *, cmd: run}
    /// job4: {schedule: 20 0 * * *, cmd: run}
    /// job5: {schedule: 25 0 * * *, cmd: run}
    /// job6: {schedule: 30 0 * * *, cmd: run}
    /// job7: {schedule: 35 0 * * *, cmd: run}
    /// job8: {schedule: 40 0 * * *, cmd: run}
    /// job9: {schedule: 45 0 * * *, cmd: run}
    /// ```
    ///
    /// ## Source
    ///
    /// The configuration reference on `schedule`, which warns of jobs that start at the same time.
    "cron-top-of-hour" in Schedule,
    level: Info,
    check: Check::Tree(Needs::NAMES, check),
};

/// So many jobs are a crowd.
const CROWD: usize = 10;

fn check(cx: &TreeCx<'_>, sink: &mut Sink<'_>) {
    let all = || cx.services.iter().flat_map(|service| service.jobs.iter().map(move |job| (service, job)));
    let at_full_hour =
        |job: &'_ Job| job.schedule.as_ref().is_some_and(|schedule| schedule.text.starts_with("0 "));
    let mut crowds: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (_, job) in all().filter(|(_, job)| at_full_hour(job) && !job.disabled) {
        if let Some(schedule) = &job.schedule {
            *crowds.entry((job.cluster.as_str(), schedule.text.as_str())).or_default() += 1;
        }
    }
    for (service, job) in
        all().filter(|(service, job)| service.selected && at_full_hour(job) && !job.disabled)
    {
        let Some(schedule) = &job.schedule else { continue };
        let count = crowds.get(&(job.cluster.as_str(), schedule.text.as_str())).copied().unwrap_or(0);
        if count < CROWD {
            continue;
        }
        let message = format!("{} other jobs of the cluster run at the same minute", count - 1);
        let mut finding =
            cx.at(service, schedule.place.clone(), message).instance(&job.name).cluster(&job.cluster);
        finding.subject.path = vec![Step::Key(job.name.clone()), Step::Key("schedule".to_owned())];
        sink.report(
            finding
                .label("a full hour")
                .why("all of them ask for containers at once, and wait for each other")
                .help("take another minute, such as 17")
                .identity(&schedule.text),
        );
    }
}
