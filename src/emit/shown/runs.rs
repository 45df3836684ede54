//! The next runs of a Chronos job.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::json;

use crate::emit::Subject;
use crate::emit::python::{Data, Value, str};
use crate::model::kind::FileKind;
use crate::schedule::runs::{Change, Coming, Run, Times, Timetable, Unclear};

/// So many runs are shown.
const COUNT: usize = 5;

/// So many parents are named.
const MOST_PARENTS: usize = 1000;

/// When a job runs next.
#[derive(Clone, Debug)]
pub enum NextRuns {
    /// After these jobs have finished.
    After(Vec<String>),
    /// Never, and why.
    Never(String),
    /// At these times.
    At {
        /// Name of the zone.
        zone: String,
        /// The runs.
        coming: Coming,
        /// Why fewer runs than asked for are all there are.
        end: Option<String>,
    },
}

/// When the job runs next after `now`, which is UTC; `None` for what is no job.
pub fn next_runs(subject: &Subject<'_, '_>) -> Option<NextRuns> {
    if subject.config.kind() != FileKind::Chronos {
        return None;
    }
    let never = |why: &str| Some(NextRuns::Never(why.to_owned()));
    if subject.config.get("disabled").is_some_and(Value::is_truthy) {
        return never("`disabled` is true");
    }
    let is_stopped = |state: &Value<'_>| state.as_str() == Some("stop");
    if subject.branch.as_ref().is_ok_and(|branch| is_stopped(&branch.desired_state())) {
        return never("the job is stopped, says deployments.json");
    }
    let schedule = subject.schedule();
    match &schedule.data {
        Data::None => Some(parents(subject)),
        Data::Str(text) => Some(times(text, &subject.schedule_time_zone(), subject.context.now)),
        _ => never("the schedule is no text"),
    }
}

fn parents(subject: &Subject<'_, '_>) -> NextRuns {
    let parents = subject.parents();
    let names = parents.as_list().unwrap_or_default().iter().take(MOST_PARENTS);
    let names: Vec<String> = names.map(|name| str(name).into_owned()).collect();
    if names.is_empty() {
        return NextRuns::Never("the job has neither `schedule` nor `parents`".to_owned());
    }
    NextRuns::After(names)
}

fn times(schedule: &str, zone: &Value<'_>, now: jiff::civil::DateTime) -> NextRuns {
    let never = |why: String| NextRuns::Never(why);
    let name = match &zone.data {
        Data::None => None,
        Data::Str(name) => Some(name.as_ref()),
        _ => return never("`schedule_time_zone` is no text".to_owned()),
    };
    let table = match Timetable::of(schedule, name) {
        Ok(table) => table,
        Err(Unclear::Zone) => return never(format!("there is no time zone `{}`", name.unwrap_or(""))),
        Err(Unclear::Schedule) => return never("Chronos does not understand the schedule".to_owned()),
    };
    let now = Offset::UTC.to_timestamp(now).unwrap_or(Timestamp::UNIX_EPOCH);
    let coming = table.after(now, COUNT);
    let end = if coming.runs.len() < COUNT { Some(end(&table)) } else { None };
    match end {
        Some(why) if coming.runs.is_empty() => never(why),
        end => NextRuns::At { zone: name.unwrap_or("UTC").to_owned(), coming, end },
    }
}

/// Why there are no more runs.
fn end(table: &Timetable) -> String {
    match &table.times {
        Times::Cron(cron) if !cron.fires() => "there is no such date".to_owned(),
        Times::Repeating(repeating) if repeating.runs == 0 => "`R0` means no runs".to_owned(),
        Times::Repeating(repeating) if repeating.runs < u64::MAX => match repeating.last(&table.zone) {
            Some(last) => {
                let runs = if repeating.runs == 1 {
                    "only run".to_owned()
                } else {
                    format!("last of its {} runs", repeating.runs)
                };
                format!("the {runs} is the one of {}", local(&last))
            }
            None => BEYOND.to_owned(),
        },
        _ => BEYOND.to_owned(),
    }
}

const BEYOND: &str = "there is none before the year 10000";

/// The time in the zone of the schedule, with the offset from UTC.
fn local(run: &Run) -> String {
    run.time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn utc(run: &Run) -> String {
    run.time.with_time_zone(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn note(run: &Run) -> Option<String> {
    Some(match run.change? {
        Change::First => "the clock shows this time twice: first".to_owned(),
        Change::Second => "the clock shows this time twice: second".to_owned(),
        Change::Moved(wanted) => format!("the clock does not show {}", wanted.strftime("%H:%M:%S")),
    })
}

impl NextRuns {
    /// Lines for people, the first of them the heading.
    pub fn lines(&self) -> Vec<String> {
        match self {
            NextRuns::After(parents) => vec![format!("runs after {}", parents.join(", "))],
            NextRuns::Never(why) => vec![format!("no next run: {why}")],
            NextRuns::At { zone, coming, end } => {
                let zones = if zone == "UTC" { "UTC".to_owned() } else { format!("{zone} and in UTC") };
                let mut lines = vec![format!("next runs, in {zones}")];
                for run in &coming.runs {
                    let note = note(run).map(|note| format!("  ({note})")).unwrap_or_default();
                    lines.push(format!("  {}  {}  {}{note}", run.time.strftime("%a"), local(run), utc(run)));
                }
                for time in &coming.skipped {
                    lines.push(format!(
                        "  no run at {}: the clock skips this time",
                        time.strftime("%Y-%m-%dT%H:%M")
                    ));
                }
                lines.extend(end.iter().map(|why| format!("  no more: {why}")));
                lines
            }
        }
    }

    /// The same as an object.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            NextRuns::After(parents) => json!({ "after": parents }),
            NextRuns::Never(why) => json!({ "next": [], "none": why }),
            NextRuns::At { zone, coming, end } => {
                let run = |run: &Run| {
                    let mut object = json!({ "local": local(run), "utc": utc(run) });
                    if let Some(note) = note(run) {
                        object["note"] = note.into();
                    }
                    object
                };
                let mut object =
                    json!({ "zone": zone, "next": coming.runs.iter().map(run).collect::<Vec<_>>() });
                if !coming.skipped.is_empty() {
                    let skipped =
                        coming.skipped.iter().map(|time| time.strftime("%Y-%m-%dT%H:%M:%S").to_string());
                    object["skipped"] = skipped.collect::<Vec<_>>().into();
                }
                if let Some(why) = end {
                    object["end"] = why.as_str().into();
                }
                object
            }
        }
    }
}
