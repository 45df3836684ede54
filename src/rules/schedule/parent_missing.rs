//! Parents that do not exist.

use std::collections::BTreeMap;

use crate::repo::{Job, Needs, Parent};
use crate::rules::{Check, Fixable, Rule, Sink, TreeCx, jobs};
use crate::suggest::nearest;

pub(crate) static RULE: Rule = rule! {
    /// Finds `parents` that name no Chronos job of the same cluster.
    ///
    /// ## Why it matters
    ///
    /// A job waits for jobs of its own cluster. PaaSTA refuses a parent that it does not find
    /// there, and Chronos drops the child.
    ///
    /// ## Example
    ///
    /// ```yaml example/chronos-norcal-prod.yaml
    /// extract:
    ///   schedule: 0 3 * * *
    ///   cmd: run
    /// load:
    ///   parents: example.extrakt
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
    /// ## Fix safety
    ///
    /// Unsafe: what was meant is a guess.
    ///
    /// ## Source
    ///
    /// The documentation of `parents`; paasta-tools 0.66.6 `cli/cmds/validate.py:validate_chronos`;
    /// Chronos 2.5.0.
    "parent-missing" in Schedule,
    level: Error,
    fix: Fixable::Sometimes,
    check: Check::Tree(Needs::PARENTS, check),
};

/// So many missing parents get a suggestion; each costs a look at every name, and somebody with
/// more of them has not misspelt them.
const SUGGESTIONS: usize = 50;

fn check(cx: &TreeCx<'_>, sink: &mut Sink<'_>) {
    if cx
        .selected()
        .all(|service| service.jobs.iter().all(|job| jobs::judged_parents(cx, job).next().is_none()))
    {
        return;
    }
    let mut search = Search::new(cx);
    for service in cx.selected() {
        for job in &service.jobs {
            for (parent, is_own) in jobs::judged_parents(cx, job) {
                if let Some(missing) = search.missing(job, parent) {
                    let mut finding = jobs::about(cx, service, job, parent.place.clone(), missing.message)
                        .label(missing.label)
                        .why("PaaSTA refuses the job, which then never runs")
                        .help(missing.help);
                    if !is_own {
                        finding = finding.related(job.place.clone(), "this job has no `parents` of its own");
                    }
                    let meant = missing.meant.as_deref();
                    sink.report(crate::rules::support::edits::offer(finding, &parent.name, meant));
                }
            }
        }
    }
}

struct Missing {
    message: String,
    label: &'static str,
    help: String,
    meant: Option<String>,
}

struct Search<'a> {
    cx: &'a TreeCx<'a>,
    /// Clusters that have a job of that service and name.
    clusters: BTreeMap<(&'a str, &'a str), Vec<&'a str>>,
    suggestions: usize,
}

impl<'a> Search<'a> {
    fn new(cx: &'a TreeCx<'a>) -> Self {
        let mut clusters: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for service in cx.services {
            for job in &service.jobs {
                clusters.entry((&service.name, &job.name)).or_default().push(&job.cluster);
            }
        }
        Self { cx, clusters, suggestions: SUGGESTIONS }
    }

    fn nearest<'b>(&mut self, word: &str, known: impl IntoIterator<Item = &'b str>) -> Option<&'b str> {
        self.suggestions = self.suggestions.checked_sub(1)?;
        nearest(word, known)
    }

    fn missing(&mut self, job: &Job, parent: &Parent) -> Option<Missing> {
        if !jobs::is_job_name(&parent.name) {
            return None;
        }
        let (service, name) = parent.name.split_once('.')?;
        let cx = self.cx;
        if !cx.has_service(service) {
            let meant = self.nearest(service, cx.names.iter().map(String::as_str));
            let meant = meant.map(|meant| format!("{meant}.{name}"));
            return Some(Missing {
                message: format!(
                    "the parent `{}` is in a service that does not exist",
                    jobs::shown(&parent.name)
                ),
                label: "no such service",
                help: match &meant {
                    Some(meant) => format!("did you mean `{}`?", jobs::shown(meant)),
                    None => "name a job as `service.job`".to_owned(),
                },
                meant,
            });
        }
        let facts = cx.service(service).filter(|facts| facts.jobs_known)?;
        let clusters = self.clusters.get(&(service, name)).map_or(&[][..], Vec::as_slice);
        if clusters.contains(&job.cluster.as_str()) {
            return None;
        }
        let cluster = jobs::shown(&job.cluster);
        let mut known = None;
        let help = if let Some(other) = clusters.first() {
            format!("it exists in cluster `{}`; parents must be in the same cluster", jobs::shown(other))
        } else {
            let here = facts.jobs.iter().filter(|other| other.cluster == job.cluster);
            match self.nearest(name, here.map(|other| other.name.as_str())) {
                Some(meant) => {
                    known = Some(format!("{service}.{meant}"));
                    format!("did you mean `{}.{}`?", jobs::shown(service), jobs::shown(meant))
                }
                None => format!(
                    "add the job to {}/chronos-{cluster}.yaml, or remove the parent",
                    jobs::shown(service)
                ),
            }
        };
        Some(Missing {
            message: format!("there is no job `{}` in cluster `{cluster}`", jobs::shown(&parent.name)),
            label: "no such job",
            help,
            meant: known,
        })
    }
}
