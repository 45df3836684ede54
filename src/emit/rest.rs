//! What Marathon's client library (`marathon` 0.9.0) makes of an app before it is sent.
//!
//! Objects that the library knows (container, Docker settings, port mappings, volumes, health
//! checks, port definitions, constraints) are rebuilt with its defaults and written without what
//! is false to Python, except `false` and zero, at every level below them. Everything else
//! (environment, arguments) is sent as it is, unless it is empty at the top.

use super::Refusal;
use super::python::{Data, Dict, Entry, Origin, Value, str};

/// The body of POST /v2/apps.
pub(super) fn body(payload: Value<'_>) -> Result<Value<'_>, Refusal> {
    let mut body = Dict::new();
    for Entry { key, value } in entries(payload) {
        let key = key.as_str().unwrap_or_default();
        let value = match key {
            "constraints" => constraints(&value)?,
            "container" => container(value)?,
            "health_checks" | "port_definitions" => minimal(value),
            "id" => checked_id(value)?,
            _ => value,
        };
        if is_sent(&value) {
            body.push(Data::from(camel_case(key)), value);
        }
    }
    Ok(Value::computed(body))
}

/// The entries of a mapping; none of anything else.
fn entries(value: Value<'_>) -> Vec<Entry<'_>> {
    match value.data {
        Data::Dict(dict) => dict.into_entries(),
        _ => Vec::new(),
    }
}

/// Whether a value is written: what Python takes for true, `false` and zero.
fn is_sent(value: &Value<'_>) -> bool {
    value.is_truthy() || matches!(value.data, Data::Bool(_) | Data::Int(_) | Data::Float(_))
}

/// The same without what is not sent, at every level.
fn minimal(value: Value<'_>) -> Value<'_> {
    let data = match value.data {
        Data::List(items) => Data::List(items.into_iter().filter(is_sent).map(minimal).collect()),
        Data::Dict(dict) => {
            let mut kept = Dict::new();
            for entry in dict.into_entries().into_iter().filter(|entry| is_sent(&entry.value)) {
                kept.push(entry.key, minimal(entry.value));
            }
            Data::Dict(kept)
        }
        other => other,
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
        sent.push(Value::new(Data::List(kept.map(minimal).collect()), constraint.origin));
    }
    Ok(Value::new(Data::List(sent), value.origin))
}

/// The container with the client's defaults.
fn container(value: Value<'_>) -> Result<Value<'_>, Refusal> {
    let origin = value.origin;
    let mut sent = Dict::new();
    for Entry { key, value } in entries(value) {
        let part = match key.as_str() {
            Some("docker") => docker(value)?,
            Some("volumes") => volumes(value)?,
            _ => value,
        };
        sent.push(key, part);
    }
    Ok(minimal(Value::new(Data::Dict(sent), origin)))
}

fn docker(value: Value<'_>) -> Result<Value<'_>, Refusal> {
    let origin = value.origin;
    let mut docker = Dict::new();
    for Entry { key, value } in entries(value) {
        if key.as_str() == Some("network") && !matches!(value.as_str(), Some("BRIDGE" | "HOST" | "NONE")) {
            return Err(Refusal::new(
                "InvalidChoiceError",
                format!("Marathon knows no network `{}`", str(&value)),
            )
            .at(value.origin)
            .help("use `bridge`, `host` or `none`"));
        }
        docker.push(key, value);
    }
    docker.insert("forcePullImage", Value::default(false));
    docker.insert("privileged", Value::default(false));
    Ok(Value::new(Data::Dict(docker), origin))
}

/// Volumes know five keys; without a mode they are writable.
fn volumes(value: Value<'_>) -> Result<Value<'_>, Refusal> {
    let origin = value.origin;
    let Data::List(items) = value.data else { return Ok(Value::new(Data::List(Vec::new()), origin)) };
    let volumes: Result<Vec<Value<'_>>, Refusal> = items.into_iter().map(volume).collect();
    Ok(Value::new(Data::List(volumes?), origin))
}

fn volume(value: Value<'_>) -> Result<Value<'_>, Refusal> {
    let origin = value.origin;
    let mut volume = Dict::new();
    for Entry { key, value } in entries(value) {
        match key.as_str().unwrap_or_default() {
            "mode" if !matches!(value.as_str(), Some("RO" | "RW")) => {
                return Err(Refusal::new(
                    "InvalidChoiceError",
                    format!("a volume has no mode `{}`", str(&value)),
                )
                .at(value.origin)
                .help("use `RO` or `RW`"));
            }
            "containerPath" | "hostPath" | "mode" | "persistent" | "external" => {}
            key => {
                return Err(
                    Refusal::new("TypeError", format!("a volume has no key `{key}`")).at(value.origin)
                );
            }
        }
        volume.push(key, value);
    }
    if volume.get("mode").is_none() {
        volume.push(Data::from("mode"), Value::default("RW"));
    }
    Ok(Value::new(Data::Dict(volume), origin))
}

/// The client wants every segment of an id to begin like a host name.
fn checked_id(id: Value<'_>) -> Result<Value<'_>, Refusal> {
    let text = id.as_str().unwrap_or_default();
    let is_begun = |segment: &str| {
        matches!(segment, "." | "..")
            || segment.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    if text.trim_matches('/').split('/').filter(|segment| !segment.is_empty()).all(is_begun) {
        return Ok(id);
    }
    Err(Refusal::new("ValueError", format!("Marathon accepts no app called `{text}`"))
        .at(Origin::Computed)
        .help("names of services and instances begin with a lower-case letter or a digit"))
}
