//! The check whether enough tasks of a Marathon instance run
//! (`check_marathon_services_replication.py`).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::effective::Namespace;
use crate::emit::python::{self, Data, Value};
use crate::emit::{Refusal, Subject, settings};

use super::Found;
use super::state::{Agent, State};
use crate::emit::settings::Expected;

/// What the check finds; `None` if the instance registers under another name first, whose check
/// counts its tasks, too.
pub(super) fn check(
    subject: &Subject<'_, '_>,
    expected: &Expected<'_>,
    state: &State,
) -> Result<Option<Found>, Refusal> {
    let config = &subject.config;
    subject.deployed()?;
    let expected = match expected {
        Ok(all) => all.get(config.name()).map_or(Ok(0.0), |expected| number(expected, "instances"))?,
        Err(refusal) => return Err(refusal.clone()),
    };
    let registered = config.registered_namespace(subject.forest, subject.context.dialect)?;
    if registered.set("proxy_port").is_none() {
        return tasks(subject, expected, state).map(Some);
    }
    let first = config.registration()?;
    if (first.0.as_str(), first.1.as_str()) != (config.service_name(), config.name()) {
        return Ok(None);
    }
    servers(subject, expected, state).map(Some)
}

/// Percentage below which too few tasks run.
fn threshold(subject: &Subject<'_, '_>) -> Result<f64, Refusal> {
    number(&subject.config.or("replication_threshold", 50), "replication_threshold")
}

fn number(value: &Value<'_>, key: &str) -> Result<f64, Refusal> {
    if !python::is_number(value) {
        return Err(Refusal::new("TypeError", format!("`{key}` is not a number")).at(value.origin));
    }
    python::to_float(value).map_err(|exception| Refusal::of(key, &exception, value.origin))
}

/// How many of the expected tasks there are, in percent; nothing expected is everything.
fn percentage(available: f64, expected: f64) -> f64 {
    if expected == 0.0 { 100.0 } else { available / expected * 100.0 }
}

/// Counts healthy tasks whose id starts like the instance's: `main` also counts `main2`.
#[expect(clippy::cast_precision_loss, reason = "counts of tasks")]
fn tasks(subject: &Subject<'_, '_>, expected: f64, state: &State) -> Result<Found, Refusal> {
    let (service, instance) = (subject.config.service_name(), subject.config.name());
    let threshold = threshold(subject)?;
    let id = format!("{service}.{instance}").replace('_', "--");
    let running = state.healthy_tasks.iter().filter(|(name, _)| name.replace('_', "--").starts_with(&id));
    let available = running.map(|(_, count)| *count).sum::<i64>() as f64;
    let mut output = format!(
        "Service {service}.{instance} has {available:.0} out of {expected:.0} expected instances available!\n\
         (threshold: {:.0}%)",
        threshold.trunc()
    );
    let few = percentage(available, expected) < threshold.trunc();
    if few {
        output.push_str(
            "\n\nWhat this alert means:\n\n  \
             This replication alert means that the service PaaSTA can't keep the\n  \
             requested number of copies up and healthy in the cluster.\n\n\
             Reasons this might be happening:\n\n  \
             The service may simply unhealthy. There also may not be enough resources\n  \
             in the cluster to support the requested instance count.\n\n\
             Things you can do:\n\n  \
             * Increase the instance count\n  \
             * Fix the cause of the unhealthy service. Try running:\n\n",
        );
        // Writing to a string cannot fail.
        let _ = writeln!(
            output,
            "      paasta status -s {service} -i {instance} -c {} -vv",
            subject.config.cluster()
        );
    }
    Ok(Found { status: if few { 2 } else { 0 }, output })
}

/// Counts servers that are up in the HAProxy of one agent per location.
#[expect(clippy::cast_precision_loss, reason = "counts of tasks")]
fn servers(subject: &Subject<'_, '_>, expected: f64, state: &State) -> Result<Found, Refusal> {
    let (service, instance) = (subject.config.service_name(), subject.config.name());
    let threshold = threshold(subject)?;
    let name = format!("{service}.{instance}");
    subject.context.system.haproxy_url_format().map_or(Ok(()), check_url_format)?;
    let by_location = locations(subject, state)?;
    let expected = (expected / by_location.len() as f64).trunc();
    let (mut critical, mut fine) = (String::new(), String::new());
    for (location, host) in &by_location {
        let up = state.haproxy_backends.get(host).and_then(|backends| backends.get(&name));
        let available = up.copied().unwrap_or(0) as f64;
        let percentage = percentage(available, expected);
        let few = percentage < threshold.trunc();
        let (lines, word) = if few { (&mut critical, "CRITICAL") } else { (&mut fine, "OK") };
        let _ = writeln!(
            lines,
            "- Service {name} has {available:.0} out of {expected:.0} expected instances in {location} \
             ({word}: {:.0}%)",
            percentage.trunc()
        );
    }
    let few = !critical.is_empty();
    let mut output = critical;
    if few && !fine.is_empty() {
        output.push_str("\n\nThe following locations are OK:\n");
    }
    output.push_str(&fine);
    if few {
        output.push_str(&few_servers(&format!("-s {service} -i {instance} -c {}", subject.config.cluster())));
    }
    Ok(Found { status: if few { 2 } else { 0 }, output })
}

/// Refuses a format of the address of HAProxy's state that cannot be filled in with `host` and `port`.
fn check_url_format(format: &Value<'_>) -> Result<(), Refusal> {
    const KEY: &str = "synapse_haproxy_url_format";
    let Data::Str(text) = &format.data else {
        return Err(Refusal::new("AttributeError", format!("`{KEY}` is not a text")).help(CORRECT));
    };
    // Both are text here: a number can be written in more ways.
    let filled =
        python::format(&text.replace("{port:d}", "{port}"), &[("host", "localhost"), ("port", "3212")]);
    match filled {
        Err(exception) if exception.message != "text has no such format" => {
            Err(Refusal::new(exception.name, format!("`{KEY}` cannot be used: {}", exception.message))
                .help("it is filled in with `{host}` and `{port}`: have the system configuration corrected"))
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

const CORRECT: &str = "have the system configuration corrected";

fn few_servers(options: &str) -> String {
    format!(
        "\n\nWhat this alert means:\n\n  \
         This replication alert means that a SmartStack powered loadbalancer (haproxy)\n  \
         doesn't have enough healthy backends. Not having enough healthy backends\n  \
         means that clients of that service will get 503s (http) or connection refused\n  \
         (tcp) when trying to connect to it.\n\n\
         Reasons this might be happening:\n\n  \
         The service may simply not have enough copies or it could simply be\n  \
         unhealthy in that location. There also may not be enough resources\n  \
         in the cluster to support the requested instance count.\n\n\
         Things you can do:\n\n  \
         * You can view the logs for the job with:\n      \
         paasta logs {options}\n\n  \
         * Fix the cause of the unhealthy service. Try running:\n\n      \
         paasta status {options} -vv\n\n  \
         * Widen SmartStack discovery settings\n  \
         * Increase the instance count\n\n"
    )
}

/// The locations in which clients look, each with the first agent that is in it.
fn locations(subject: &Subject<'_, '_>, state: &State) -> Result<BTreeMap<String, String>, Refusal> {
    let dialect = subject.context.dialect;
    let namespace = Namespace::load(subject.config.service(), subject.config.name(), dialect)?;
    let discover = namespace.discover();
    let kind = python::str(&discover).into_owned();
    let blacklist = settings::monitoring_blacklist(subject)?;
    let agents = agents(subject, state, &kind);
    let passing: Vec<&Agent> = agents.iter().filter(|agent| passes(agent, &blacklist)).collect();
    if passing.is_empty() {
        return Err(Refusal::new("NoSlavesAvailableError", "no agent passes the monitoring blacklist")
            .at(blacklist.origin)
            .help("remove entries from `monitoring_blacklist` or `deploy_blacklist`"));
    }
    let mut found = BTreeMap::new();
    for agent in passing {
        let Some(location) = agent.attributes.get(&kind) else {
            return Err(Refusal::new("KeyError", format!("an agent has no attribute `{kind}`"))
                .at(discover.origin)
                .help("set `discover` to a location type that all agents have"));
        };
        let location = Value::of_json(location.clone(), discover.origin);
        found.entry(python::str(&location).into_owned()).or_insert_with(|| agent.hostname.clone());
    }
    Ok(found)
}

/// The agents that are known, else those that the system expects, else one that is anywhere.
fn agents(subject: &Subject<'_, '_>, state: &State, kind: &str) -> Vec<Agent> {
    if let Some(agents) = &state.agents {
        return agents.clone();
    }
    let expected = subject.context.system.expected_slave_attributes().and_then(Value::as_list);
    let Some(expected) = expected else {
        let local = serde_json::Value::from(crate::emit::smartstack::locations::ASSUMED_LOCATION);
        return vec![Agent { attributes: BTreeMap::from([(kind.to_owned(), local)]), ..Agent::default() }];
    };
    let attribute = |entry: &python::Entry<'_>| {
        Some((
            entry.key.as_str()?.to_owned(),
            serde_json::Value::from(python::str(&entry.value).into_owned()),
        ))
    };
    let agent = |set: &Value<'_>| Agent {
        attributes: set.as_dict().into_iter().flatten().filter_map(attribute).collect(),
        ..Agent::default()
    };
    expected.iter().map(agent).collect()
}

/// Whether none of the listed locations is the agent's. An entry that is no pair lets nothing pass.
fn passes(agent: &Agent, blacklist: &Value<'_>) -> bool {
    blacklist.as_list().unwrap_or_default().iter().all(|entry| {
        let Some([kind, location]) = entry.as_list() else { return false };
        let own = kind.as_str().and_then(|kind| agent.attributes.get(kind));
        match own {
            Some(own) => Value::of_json(own.clone(), location.origin) != *location,
            None => !matches!(location.data, Data::None),
        }
    })
}
