//! The check of a Chronos job (`check_chronos_jobs.py`).

use crate::emit::python::{self, Data, Value};
use crate::emit::settings::interval_seconds;
use crate::emit::{Refusal, Subject};

use super::state::{LastRun, State};
use super::{Found, field};

/// A check that says nothing for longer than a day is forgotten, in minutes.
const LONGEST_REALERT: i64 = 24 * 60;

/// What the check finds.
pub(super) fn check(subject: &Subject<'_, '_>, state: &State) -> Result<Found, Refusal> {
    let (service, job) = (subject.config.service_name(), subject.config.name());
    // Without deployments PaaSTA cannot load the job, and skips it.
    subject.deployed()?;
    let name = format!("{service}.{job}");
    if subject.config.or("disabled", false).is_truthy() {
        return Ok(Found { status: 0, output: format!("Job {name} is disabled - ignoring status.") });
    }
    Ok(match state.jobs.get(&name) {
        None => Found {
            status: 1,
            output: format!(
                "Warning: {name} isn't in chronos at all, which means it may not be deployed yet"
            ),
        },
        Some(LastRun::Success) => Found { status: 0, output: format!("Last run of job {name} Succeded") },
        Some(LastRun::Failure) => Found { status: 2, output: failed(service, job, subject.config.cluster()) },
    })
}

fn failed(service: &str, job: &str, cluster: &str) -> String {
    let options = format!("-s {service} -i {job} -c {cluster}");
    format!(
        "Last run of job {service}.{job} failed.\n\
         You can view the logs for the job with:\n\n    paasta logs {options}\n\n\
         If your job didn't manage to start up, you can view the stdout and stderr of your job using:\n\n    \
         paasta status {options} -vv\n\n\
         If you need to rerun your job for the datetime it was started, you can do so with:\n\n    \
         paasta rerun {options} -d {{datetime}}\n\n\
         See the docs on paasta rerun here:\n\
         https://paasta.readthedocs.io/en/latest/workflow.html#re-running-failed-jobs for more details."
    )
}

/// Minutes between two alerts: as configured, else (in 0.66) as often as the job runs.
pub(super) fn realert_every<'s>(subject: &Subject<'_, 's>) -> Result<Value<'s>, Refusal> {
    let (config, dialect) = (&subject.config, subject.context.dialect);
    if dialect.one_realert_every {
        return Ok(field(config, "realert_every", dialect));
    }
    let interval = interval_seconds(&subject.schedule(), &subject.schedule_time_zone(), subject.context.now)?;
    let minutes = match interval.data {
        Data::Int(seconds) => Data::Int(seconds.div_euclid(60).min(LONGEST_REALERT)),
        Data::Float(seconds) => {
            let minutes = (seconds / 60.0).floor();
            // Python's min() keeps the first of two equal numbers, here the float.
            if minutes > 1440.0 { Data::Int(LONGEST_REALERT) } else { Data::Float(minutes) }
        }
        _ => return Ok(field(config, "realert_every", dialect)),
    };
    Ok(config.monitoring("realert_every").unwrap_or_else(|| Value::computed(minutes)))
}

/// Says how often the alert comes again, unless that is left to Sensu.
pub(super) fn with_realert(output: String, realert_every: Option<&Value<'_>>) -> Result<String, Refusal> {
    let Some(value) = realert_every else { return Ok(output) };
    let span = match value.data {
        Data::None | Data::Int(-1) => return Ok(output),
        Data::Int(minutes) => {
            let (hours, minutes) = (minutes.div_euclid(60), minutes.rem_euclid(60));
            span(hours > 0, &hours.to_string(), minutes > 0, &minutes.to_string())
        }
        Data::Float(minutes) => {
            let (hours, minutes) = ((minutes / 60.0).floor(), minutes.rem_euclid(60.0));
            let text = |number: f64| python::repr(&Data::Float(number));
            span(hours > 0.0, &text(hours), minutes > 0.0, &text(minutes))
        }
        Data::Bool(value) => {
            let minutes = i64::from(value);
            span(false, "", value, &minutes.to_string())
        }
        _ => return Err(Refusal::new("TypeError", "`realert_every` is not a number").at(value.origin)),
    };
    Ok(format!("{output}\n\nThis check realerts every {span}."))
}

fn span(has_hours: bool, hours: &str, has_minutes: bool, minutes: &str) -> String {
    let mut span = String::new();
    if has_hours {
        span.push_str(hours);
        span.push('h');
    }
    if has_minutes {
        span.push_str(minutes);
        span.push('m');
    }
    span
}
