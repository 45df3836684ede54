//! What Marathon's client library (`marathon` 0.9.0) makes of an app before it is sent.
//!
//! Objects that the library knows (container, Docker settings, port mappings, volumes, health
//! checks, port definitions, constraints) are rebuilt with its defaults and written without what
//! is false to Python, except `false` and zero, at every level below them. Everything else
//! (environment, arguments) is sent as it is, unless it is empty at the top.

use super::Refusal;
use super::python::{Data, Dict, Origin, Value, str};

/// The body of POST /v2/apps.
pub(super) fn body<'s>(payload: &Value<'s>) -> Result<Value<'s>, Refusal> {
    let mut body = Dict::new();
    for entry in payload.as_dict().into_iter().flatten() {
        let key = entry.key.as_str().unwrap_or_default();
        let value = match key {
            "constraints" => constraints(&entry.value)?,
            "container" => container(&entry.value)?,
            "health_checks" | "port_definitions" => minimal(&entry.value),
            "id" => checked_id(&entry.value)?,
            _ => entry.value.clone(),
        };
        if is_sent(&value) {
            body.push(Data::from(camel_case(key)), value);
        }
    }
    Ok(Value::computed(body))
}

/// Whether a value is written: what Python takes for true, `false` and zero.
fn is_sent(value: &Value<'_>) -> bool {
    value.is_truthy() || matches!(value.data, Data::Bool(_) | Data::Int(_) | Data::Float(_))
}

/// The same without what is not sent, at every level.
fn minimal<'s>(value: &Value<'s>) -> Value<'s> {
    let data = match &value.data {
        Data::List(items) => Data::List(items.iter().filter(|item| is_sent(item)).map(minimal).collect()),
        Data::Dict(dict) => {
            let mut kept = Dict::new();
            for entry in dict.iter().filter(|entry| is_sent(&entry.value)) {
                kept.push(entry.key.clone(), minimal(&entry.value));
            }
            Data::Dict(kept)
        }
        other => other.clone(),
    };
    Value::new(data, value.origin)
}

/// `health_checks` becomes `healthChecks`.
fn camel_case(key: &str) -> String {
    let mut words = key.split('_');
    let mut out = words.next().unwrap_or("").to_owned();
    for word in words {
        let mut letters = word.chars();
        out.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        out.push_str(&letters.as_str().to_lowercase());
    }
    out
}

/// Each constraint is a field, an operator, and maybe a value.
fn constraints<'s>(value: &Value<'s>) -> Result<Value<'s>, Refusal> {
    let mut sent = Vec::new();
    let list = super::docker::items(value, "constraints")?;
    for constraint in &list {
        let parts = super::docker::items(constraint, "constraints")?;
        if !matches!(parts.len(), 2 | 3) {
            return Err(Refusal::new(
                "TypeError",
                "a constraint is not `[field, operator]` or `[field, operator, value]`",
            )
            .at(constraint.origin));
        }
        // A value that is false to Python counts as absent; field and operator are written like any item.
        let is_kept =
            |(index, part): &(usize, Value<'s>)| if *index == 2 { part.is_truthy() } else { is_sent(part) };
        let kept = parts.into_iter().enumerate().filter(is_kept).map(|(_, part)| part);
        sent.push(Value::new(Data::List(kept.map(|part| minimal(&part)).collect()), constraint.origin));
    }
    Ok(Value::new(Data::List(sent), value.origin))
}

/// The container with the client's defaults.
fn container<'s>(value: &Value<'s>) -> Result<Value<'s>, Refusal> {
    let mut sent = Dict::new();
    for entry in value.as_dict().into_iter().flatten() {
        let part = match entry.key.as_str() {
            Some("docker") => docker(&entry.value)?,
            Some("volumes") => volumes(&entry.value)?,
            _ => entry.value.clone(),
        };
        sent.push(entry.key.clone(), part);
    }
    Ok(minimal(&Value::new(Data::Dict(sent), value.origin)))
}

fn docker<'s>(value: &Value<'s>) -> Result<Value<'s>, Refusal> {
    let mut docker = value.as_dict().cloned().unwrap_or_default();
    if let Some(network) = docker.get("network")
        && !matches!(network.as_str(), Some("BRIDGE" | "HOST" | "NONE"))
    {
        return Err(Refusal::new(
            "InvalidChoiceError",
            format!("Marathon knows no network `{}`", str(network)),
        )
        .at(network.origin)
        .help("use `bridge`, `host` or `none`"));
    }
    docker.insert("forcePullImage", Value::default(false));
    docker.insert("privileged", Value::default(false));
    Ok(Value::new(Data::Dict(docker), value.origin))
}

/// Volumes know five keys; without a mode they are writable.
fn volumes<'s>(value: &Value<'s>) -> Result<Value<'s>, Refusal> {
    let mut volumes = Vec::new();
    for volume in value.as_list().unwrap_or_default() {
        let mut entries = volume.as_dict().cloned().unwrap_or_default();
        for entry in &entries {
            let key = entry.key.as_str().unwrap_or_default();
            if !matches!(key, "containerPath" | "hostPath" | "mode" | "persistent" | "external") {
                return Err(
                    Refusal::new("TypeError", format!("a volume has no key `{key}`")).at(entry.value.origin)
                );
            }
        }
        match entries.get("mode") {
            None => entries.insert("mode", Value::default("RW")),
            Some(mode) if matches!(mode.as_str(), Some("RO" | "RW")) => {}
            Some(mode) => {
                return Err(Refusal::new(
                    "InvalidChoiceError",
                    format!("a volume has no mode `{}`", str(mode)),
                )
                .at(mode.origin)
                .help("use `RO` or `RW`"));
            }
        }
        volumes.push(Value::new(Data::Dict(entries), volume.origin));
    }
    Ok(Value::new(Data::List(volumes), value.origin))
}

/// The client wants every segment of an id to begin like a host name.
fn checked_id<'s>(id: &Value<'s>) -> Result<Value<'s>, Refusal> {
    let text = id.as_str().unwrap_or_default();
    let is_begun = |segment: &str| {
        matches!(segment, "." | "..")
            || segment.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    if text.trim_matches('/').split('/').filter(|segment| !segment.is_empty()).all(is_begun) {
        return Ok(id.clone());
    }
    Err(Refusal::new("ValueError", format!("Marathon accepts no app called `{text}`"))
        .at(Origin::Computed)
        .help("names of services and instances begin with a lower-case letter or a digit"))
}
