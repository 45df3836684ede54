//! Sensu: the check result that PaaSTA's monitoring sends for an instance.
//!
//! Facts: paasta-tools 0.66.6, `monitoring_tools.py`, `check_marathon_services_replication.py`,
//! `check_chronos_jobs.py`; pysensu-yelp 0.3.4, `send_event`. What is alerted depends on what runs;
//! [`State`] says so, and without one nothing runs: the alert that the team would get.

mod compile;
mod job;
mod replication;
mod state;
mod time;

pub use compile::compile;
pub use state::{State, StateError};
pub use time::seconds;

use crate::dialect::Dialect;
use crate::effective::{InstanceConfig, System};
use crate::emit::python::{self, Data, Dict, Value};
use crate::emit::settings::Expected;
use crate::emit::{Refusal, Subject, convert};
use crate::model::kind::FileKind;

/// Sent where nobody wrote a runbook (`monitoring_tools.py:_cached_send_event` and its getters).
const NO_RUNBOOK: &str = "Please set a `runbook` field in your monitoring.yaml. Like \"y/rb-mesos\". Docs: \
    https://paasta.readthedocs.io/en/latest/yelpsoa_configs.html#monitoring-yaml";

/// Sent where nobody wrote a tip.
const NO_TIP: &str = "Please set a `tip` field in your monitoring.yaml. Docs: \
    https://paasta.readthedocs.io/en/latest/yelpsoa_configs.html#monitoring-yaml";

/// Every field, with what it is where nobody sets it; `page` depends on the dialect.
const FIELDS: [&str; 12] = [
    "alert_after",
    "check_every",
    "dependencies",
    "irc_channels",
    "notification_email",
    "page",
    "project",
    "realert_every",
    "runbook",
    "team",
    "ticket",
    "tip",
];

/// The monitoring fields of an instance, with defaults.
pub fn fields<'s>(config: &InstanceConfig<'s>, dialect: &Dialect) -> Dict<'s> {
    let mut fields = Dict::new();
    for field in FIELDS {
        fields.push(Data::from(field), self::field(config, field, dialect));
    }
    fields
}

/// One field: the first that is there of the instance's `monitoring`, monitoring.yaml, service.yaml.
fn field<'s>(config: &InstanceConfig<'s>, field: &str, dialect: &Dialect) -> Value<'s> {
    config.monitoring(field).unwrap_or_else(|| {
        Value::default(match field {
            "runbook" => Data::from(NO_RUNBOOK),
            "tip" => Data::from(NO_TIP),
            "ticket" => Data::Bool(false),
            "page" if dialect.page_and_ticket_default_false => Data::Bool(false),
            "realert_every" => Data::Int(-1),
            _ => Data::None,
        })
    })
}

/// A check result before it is sent: what goes to the library, and what the library makes of it.
#[derive(Debug)]
pub struct Event<'s> {
    /// The arguments of `send_event`.
    pub arguments: Value<'s>,
    /// What goes to Sensu's agent, or why the library refuses the arguments.
    pub payload: Result<Value<'s>, Refusal>,
}

/// What a check found.
struct Found {
    status: i64,
    output: String,
}

/// The result of the check of a Marathon instance or a Chronos job. `None`: nothing would be sent,
/// because nobody is to be told, or because another instance's check covers this one.
///
/// # Errors
/// What makes the check itself fail.
pub fn event<'s>(
    subject: &Subject<'_, 's>,
    expected: &Expected<'_>,
    state: &State,
) -> Result<Option<Event<'s>>, Refusal> {
    let config = &subject.config;
    if let Some(of_service) = config.service().get("monitoring").filter(|value| value.as_dict().is_none()) {
        let message = "`monitoring` in service.yaml is not a mapping, on which every check fails";
        return Err(Refusal::new("AttributeError", message)
            .at(of_service.origin)
            .help("remove it: monitoring.yaml is read where it is absent"));
    }
    let mut overrides = overrides(config)?;
    let is_job = config.kind() == FileKind::Chronos;
    let found = if is_job {
        job::check(subject, state)?
    } else {
        let Some(found) = replication::check(subject, expected, state)? else { return Ok(None) };
        found
    };
    let dialect = subject.context.dialect;
    if overrides.get("alert_after").is_none() {
        let default = if is_job && !dialect.one_alert_after { "15m" } else { "2m" };
        overrides.insert("alert_after", Value::default(default));
    }
    overrides.insert("check_every", Value::default("1m"));
    overrides.insert("runbook", field(config, "runbook", dialect));
    let mut output = found.output;
    let mut name = "check_marathon_services_replication";
    if is_job {
        name = "check_chronos_jobs";
        if overrides.get("realert_every").is_none() {
            overrides.insert("realert_every", job::realert_every(subject)?);
        }
        output = job::with_realert(output, overrides.get("realert_every"))?;
    }
    let name = format!("{name}.{}.{}", config.service_name(), config.name());
    let team = field(config, "team", dialect);
    if !team.is_truthy() {
        return Ok(None);
    }
    let or =
        |key: &str, default: Data<'s>| overrides.get(key).cloned().unwrap_or_else(|| Value::default(default));
    let own = |key: &str| field(config, key, dialect);
    let system = subject.context.system;
    let arguments = Dict::of([
        ("name", Value::computed(name)),
        ("runbook", or("runbook", Data::from("http://y/paasta-troubleshooting"))),
        ("status", Value::computed(found.status)),
        ("output", Value::computed(output)),
        ("team", team),
        ("page", own("page")),
        ("tip", own("tip")),
        ("notification_email", own("notification_email")),
        ("check_every", or("check_every", Data::from("1m"))),
        ("realert_every", or("realert_every", Data::Int(-1))),
        ("alert_after", or("alert_after", Data::from("5m"))),
        ("irc_channels", own("irc_channels")),
        ("ticket", own("ticket")),
        ("project", own("project")),
        ("source", Value::computed(format!("paasta-{}", config.cluster()))),
        ("ttl", Value::default(Data::None)),
        ("sensu_host", system.get("sensu_host").map_or_else(|| Value::default("localhost"), convert::owned)),
        ("sensu_port", port(system)?),
    ]);
    let payload = payload(&arguments);
    Ok(Some(Event { arguments: Value::computed(arguments), payload }))
}

/// The instance's `monitoring`, into which monitoring.yaml is merged.
fn overrides<'s>(config: &InstanceConfig<'s>) -> Result<Dict<'s>, Refusal> {
    match config.get("monitoring") {
        None => Ok(Dict::new()),
        Some(Value { data: Data::Dict(overrides), .. }) => Ok(overrides.clone()),
        Some(other) => Err(Refusal::new("TypeError", "`monitoring` is not a mapping").at(other.origin)),
    }
}

fn port(system: &System) -> Result<Value<'static>, Refusal> {
    let Some(port) = system.get("sensu_port") else { return Ok(Value::default(3030)) };
    let number =
        convert::int(port).map_err(|exception| Refusal::of("sensu_port", &exception, port.origin))?;
    Ok(Value::new(Data::Int(number), port.origin))
}

/// What `pysensu_yelp.send_event` sends.
fn payload<'s>(arguments: &Dict<'s>) -> Result<Value<'s>, Refusal> {
    let get = |key: &str| arguments.get(key).cloned().unwrap_or_else(|| Value::default(Data::None));
    let name = get("name");
    if !name.as_str().is_some_and(is_check_name) {
        let shown = python::str(&name).into_owned();
        return Err(Refusal::new("ValueError", format!("Sensu takes no check of the name `{shown}`"))
            .help("use letters, digits, `_`, `-` and `.` in the names of services, instances and jobs"));
    }
    let runbook = Some(get("runbook")).filter(Value::is_truthy);
    let realert = get("realert_every");
    let realert_every = convert::int(&realert)
        .map_err(|exception| Refusal::of("realert_every", &exception, realert.origin))?;
    let mut payload = Dict::of([
        ("name", name),
        ("status", get("status")),
        ("output", get("output")),
        ("handler", Value::default("default")),
        ("team", get("team")),
        ("runbook", runbook.unwrap_or_else(|| Value::default("Please set a runbook!"))),
        ("tip", get("tip")),
        ("notification_email", get("notification_email")),
        ("interval", seconds(&get("check_every"), "check_every")?),
        ("page", get("page")),
        ("realert_every", Value::new(Data::Int(realert_every), realert.origin)),
        ("dependencies", Value::default(Vec::new())),
        ("alert_after", seconds(&get("alert_after"), "alert_after")?),
        ("ticket", get("ticket")),
        ("project", get("project")),
        ("source", get("source")),
        ("tags", Value::default(Vec::new())),
        ("ttl", get("ttl")),
    ]);
    let channels = get("irc_channels");
    if !channels.is_none() {
        payload.insert("irc_channels", channels);
    }
    let payload = Value::computed(payload);
    // The library writes JSON; what has no form in it is never sent.
    python::dumps(&payload)?;
    Ok(payload)
}

/// `^[\w.-]+$`, where `\w` is any letter or digit.
fn is_check_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_.-".contains(c))
}
