//! Parents that do not exist.

use crate::repo::{Job, Needs, Parent};
use crate::rules::{Check, Rule, Sink, TreeCx, jobs};
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
    /// ## Source
    ///
    /// The documentation of `parents`; paasta-tools 0.66.6 `cli/cmds/validate.py:validate_chronos`;
    /// Chronos 2.5.0.
    "parent-missing" in Schedule,
    documented: Error, paasta_0_66: Error,
    check: Check::Tree(Needs::PARENTS, check),
};

fn check(cx: &TreeCx<'_>, sink: &mut Sink<'_>) {
    for service in cx.selected() {
        for job in &service.jobs {
            for parent in &job.parents {
                if let Some(missing) = missing(cx, job, parent) {
                    sink.report(jobs::about(cx, service, job, parent.place.clone(), missing.message)
                        .label(missing.label)
                        .why("PaaSTA refuses the job, which then never runs")
                        .help(missing.help));
                }
            }
        }
    }
}

struct Missing {
    message: String,
    label: &'static str,
    help: String,
}

fn missing(cx: &TreeCx<'_>, job: &Job, parent: &Parent) -> Option<Missing> {
    if !jobs::is_job_name(&parent.name) {
        return None;
    }
    let (service, name) = parent.name.split_once('.')?;
    let shown = jobs::shown(&parent.name);
    if !cx.has_service(service) {
        let meant = nearest(service, cx.names.iter().map(String::as_str));
        return Some(Missing {
            message: format!("the parent `{shown}` is in a service that does not exist"),
            label: "no such service",
            help: match meant {
                Some(meant) => format!("did you mean `{meant}.{}`?", jobs::shown(name)),
                None => "name a job as `service.job`".to_owned(),
            },
        });
    }
    let facts = cx.service(service).filter(|facts| facts.jobs_known)?;
    let of_cluster = || facts.jobs.iter().filter(|other| other.cluster == job.cluster);
    if of_cluster().any(|other| other.name == name) {
        return None;
    }
    let meant = nearest(name, of_cluster().map(|other| other.name.as_str()));
    let elsewhere = facts.jobs.iter().find(|other| other.name == name);
    Some(Missing {
        message: format!("there is no job `{shown}` in cluster `{}`", jobs::shown(&job.cluster)),
        label: "no such job",
        help: match (meant, elsewhere) {
            (_, Some(other)) => format!("it exists in cluster `{}`; parents must be in the same cluster", jobs::shown(&other.cluster)),
            (Some(meant), None) => format!("did you mean `{service}.{}`?", jobs::shown(meant)),
            (None, None) => format!("add the job to {service}/chronos-{}.yaml, or remove the parent", jobs::shown(&job.cluster)),
        },
    })
}
