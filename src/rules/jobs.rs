//! What the rules about Chronos jobs share: the texts of a job, bounded for messages.

use crate::diagnostic::{Finding, Place, Step};
use crate::repo::{Job, Parent, ServiceFacts};
use crate::schedule::iso8601::{self, Parts};
use crate::schedule::tron::{self, Item};
use crate::schedule::{Form, form};

pub(crate) use super::written::excerpt as shown;
use super::{InstanceCx, Located, TreeCx};

/// What a schedule may look like, as advice.
pub(crate) const FORMS: &str =
    "write five cron fields (`0 3 * * *`) or `R/start/period` (`R/2017-01-01T03:00:00Z/P1D`)";

/// The parents of a job that somebody looks at, each with whether the job waits for it: `paasta validate`
/// of 0.66 also looks at those that do not count because of the schedule.
pub(crate) fn judged_parents<'a>(cx: &TreeCx<'a>, job: &'a Job) -> impl Iterator<Item = (&'a Parent, bool)> {
    let idle: &[Parent] = if cx.env.dialect.schedule_wins_over_parents { &[] } else { &job.idle_parents };
    job.parents.iter().map(|parent| (parent, true)).chain(idle.iter().map(|parent| (parent, false)))
}

/// The text of `key` of a Chronos job; `None` for other kinds and other types.
pub(crate) fn text<'a>(cx: &InstanceCx<'a>, key: &str) -> Option<(Located<'a>, &'a str)> {
    let located = cx.get(key)?;
    Some((located, located.value.as_str()?))
}

/// Longest command that is searched for date strings, in bytes; Linux takes no longer argument.
const LONGEST_COMMAND: usize = 128 * 1024;

/// The same for a command that a job has by an alias or from service.yaml: a small file can name
/// one long command for thousands of jobs, and each of them is looked at.
const LONGEST_SHARED_COMMAND: usize = 1024;

/// Most findings of one rule in one command; more of them have the same cause.
pub(crate) const MOST: usize = 20;

/// The command of a job with what follows each `%` in it; `None` without any `%`.
pub(crate) fn date_strings<'a>(cx: &InstanceCx<'_>, located: &Located<'a>) -> Option<(&'a str, Vec<Item>)> {
    let cmd = located.value.as_str()?;
    let is_own = !located.value.is_alias() && std::ptr::eq(located.document, cx.document);
    let longest = if is_own { LONGEST_COMMAND } else { LONGEST_SHARED_COMMAND };
    if cmd.len() > longest || !cmd.contains('%') {
        return None;
    }
    Some((cmd, tron::items(cmd)))
}

/// The schedule of a job that is meant as a cron expression.
pub(crate) fn cron<'a>(located: &Located<'a>) -> Option<&'a str> {
    located.value.as_str().filter(|schedule| form(schedule) == Form::Cron)
}

/// The three parts of a schedule that is meant as a repeating interval, if they are three.
pub(crate) fn repeating<'a>(located: &Located<'a>) -> Option<(&'a str, Parts<'a>)> {
    let schedule = located.value.as_str()?;
    let parts = (form(schedule) == Form::Repeating).then(|| Parts::of(schedule)).flatten()?;
    Some((schedule, parts))
}

/// The problem with the start of a repeating interval: its place in the schedule, and what it is.
pub(crate) fn start_problem<'a>(
    located: &Located<'a>,
) -> Option<(&'a str, Parts<'a>, iso8601::StartProblem)> {
    let (schedule, parts) = repeating(located)?;
    let mut problem = iso8601::start(parts.start).err()?;
    let offset = parts.repeat.len() + 1;
    problem.range = problem.range.start + offset..problem.range.end + offset;
    Some((schedule, parts, problem))
}

/// Where the start of a repeating interval stands in its schedule.
pub(crate) fn start_range(parts: &Parts<'_>) -> std::ops::Range<usize> {
    let from = parts.repeat.len() + 1;
    from..from + parts.start.len()
}

/// Where the period of a repeating interval stands in its schedule.
pub(crate) fn period_range(parts: &Parts<'_>) -> std::ops::Range<usize> {
    let from = start_range(parts).end + 1;
    from..from + parts.period.len()
}

/// Whether PaaSTA takes `name` for `service.job` (the chronos schema of paasta-tools 0.66.6).
pub(crate) fn is_job_name(name: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
    };
    name.split_once('.').is_some_and(|(service, job)| is_word(service) && is_word(job))
}

/// Something is wrong at `place`, which is a parent of `job`.
pub(crate) fn about(
    cx: &TreeCx<'_>,
    service: &ServiceFacts,
    job: &Job,
    place: Place,
    message: impl Into<String>,
) -> Finding {
    let mut finding = cx.at(service, place, message).instance(&job.name).cluster(&job.cluster);
    finding.subject.path = vec![Step::Key(job.name.clone()), Step::Key("parents".to_owned())];
    finding
}
