//! Effective values for people: each with its origin, secrets masked.

use crate::diagnostic::{Place, Step};
use crate::effective::Deployments;
use crate::secret;

use super::Subject;
use super::python::{self, Data, Dict, Origin, Value, dumps, str};
use super::settings::{Expected, settings};

mod masked;
mod runs;

pub use runs::{NextRuns, next_runs};

/// Settings that repeat others, or say nothing about a configuration.
const LEFT_OUT: [&str; 7] = [
    "check_bounce_method",
    "cpu_period",
    "desired_instances",
    "docker_parameters",
    "healthchecks",
    "short_job_id",
    "validate",
];

/// A value, where it comes from, and what it replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Keys that lead to it, joined with dots.
    pub name: String,
    /// The value as text; masked if it looks like a secret.
    pub text: String,
    /// Where it comes from, and what it overrides.
    pub origin: String,
    /// The value as JSON; masked if it looks like a secret.
    json: serde_json::Value,
    /// One word: `default`, `computed`, `system`, `deployments`, `given`, `file`, `error`.
    kind: &'static str,
    place: Option<(String, usize)>,
    /// The key at `place`, if it is that of another setting.
    computed_from: Option<String>,
}

impl Shown {
    /// The value as an object.
    pub fn to_json(&self) -> serde_json::Value {
        let mut object = serde_json::json!({ "name": self.name, "value": self.json, "origin": self.kind });
        if let Some(key) = &self.computed_from {
            object["computed_from"] = key.clone().into();
        }
        if let Some((file, line)) = &self.place {
            object["file"] = file.clone().into();
            object["line"] = (*line).into();
        }
        object
    }
}

/// The effective values of an instance, sorted by name: every setting, and every other key of its
/// merged configuration.
pub fn shown<'s>(subject: &Subject<'_, 's>, expected: &Expected<'s>) -> Vec<Shown> {
    let mut all = Vec::new();
    let settings = settings(subject, expected);
    for (name, value) in &settings {
        if LEFT_OUT.contains(name) {
            continue;
        }
        match value {
            Ok(value) => leaves(subject, name, value, &mut all),
            Err(refusal) => all.push(Shown {
                name: (*name).to_owned(),
                text: "?".to_owned(),
                origin: format!("unknown: {}", masked::words(subject, refusal.origin, &refusal.message)),
                json: serde_json::Value::Null,
                kind: "error",
                place: None,
                computed_from: None,
            }),
        }
    }
    let is_setting = |key: &str| settings.iter().any(|(name, _)| *name == key);
    for entry in subject.config.values() {
        let Some(key) = entry.key.as_str() else { continue };
        // Settings under another name, and files that are not the instance's.
        let is_renamed = matches!(key, "replication_threshold" | "autoscaling" | "security");
        if !is_setting(key) && !is_renamed {
            leaves(subject, key, &entry.value, &mut all);
        }
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// Adds a value, or what is in it.
fn leaves(subject: &Subject<'_, '_>, name: &str, value: &Value<'_>, all: &mut Vec<Shown>) {
    let is_secret = name.split('.').any(secret::sounds_secret);
    let shown = secret::mask(name).into_owned();
    leaves_below(subject, name, shown, value, is_secret, all);
}

/// The same, where the path may have spoken of a secret; `shown` is the name as it may be shown.
fn leaves_below(
    subject: &Subject<'_, '_>,
    name: &str,
    shown: String,
    value: &Value<'_>,
    is_secret: bool,
    all: &mut Vec<Shown>,
) {
    if let Data::Dict(dict) = &value.data
        && !dict.is_empty()
    {
        for entry in dict {
            let key = entry.key.as_str().map_or_else(|| python::repr(&entry.key), str::to_owned);
            let shown = format!("{shown}.{}", secret::mask_under(&key, is_secret));
            let is_secret = is_secret || secret::sounds_secret(&key);
            leaves_below(subject, &format!("{name}.{key}"), shown, &entry.value, is_secret, all);
        }
        return;
    }
    let masked = masked::masked(subject, value, is_secret);
    let json = dumps(&masked).ok().and_then(|json| serde_json::from_str(&json).ok());
    let text = text(&masked);
    let json = json.unwrap_or_else(|| text.clone().into());
    let place = subject.forest.place(value.origin).and_then(|place| line_of(&place));
    let computed_from = other_key(subject, name, value.origin);
    let origin = match &computed_from {
        Some(key) => format!("computed from `{key}`, {}", origin(subject, name, value, place.as_ref())),
        None => origin(subject, name, value, place.as_ref()),
    };
    let kind = if computed_from.is_some() { "computed" } else { kind(value.origin) };
    all.push(Shown { name: shown, text, origin, json, kind, place, computed_from });
}

/// The key under which the value's origin is written, if that is another one than `name` ends with:
/// what was worked out of a value has its origin.
fn other_key(subject: &Subject<'_, '_>, name: &str, origin: Origin) -> Option<String> {
    let Origin::File { document, span } = origin else { return None };
    let path = subject.forest.document(document)?.path_to(span);
    let key = path.into_iter().rev().find_map(|step| match step {
        Step::Key(key) => Some(key),
        Step::Index(_) => None,
    })?;
    let is_own = name.strip_suffix(key.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    (!is_own).then(|| secret::mask(&key).into_owned())
}

fn text(value: &Value<'_>) -> String {
    match &value.data {
        Data::None => "null".to_owned(),
        Data::Bool(value) => value.to_string(),
        Data::List(_) | Data::Dict(_) => dumps(value).unwrap_or_else(|_| str(value).into_owned()),
        Data::Str(text) if text.is_empty() => "\"\"".to_owned(),
        _ => str(value).into_owned(),
    }
}

const fn kind(origin: Origin) -> &'static str {
    match origin {
        Origin::Default => "default",
        Origin::Computed => "computed",
        Origin::System => "system",
        Origin::Deployments => "deployments",
        Origin::Given => "given",
        Origin::File { .. } => "file",
    }
}

/// The origin in words: `service.yaml:3`, or `marathon-x.yaml:12, overrides service.yaml:3`.
fn origin(
    subject: &Subject<'_, '_>,
    name: &str,
    value: &Value<'_>,
    place: Option<&(String, usize)>,
) -> String {
    let own = match (value.origin, place) {
        (Origin::File { .. }, Some((file, line))) => {
            let service = subject.config.service_name();
            let short = file.strip_prefix(service).and_then(|rest| rest.strip_prefix('/')).unwrap_or(file);
            format!("{short}:{line}")
        }
        (Origin::System, _) => "system configuration".to_owned(),
        (Origin::Deployments, _) => Deployments::FILE_NAME.to_owned(),
        (Origin::Given, _) => "command line".to_owned(),
        (origin, _) => kind(origin).to_owned(),
    };
    match overridden(subject, name, value.origin) {
        Some((file, line)) => {
            let short = file.rsplit('/').next().unwrap_or(&file).to_owned();
            format!("{own}, overrides {short}:{line}")
        }
        None => own,
    }
}

/// Where the service gives a default that this value replaces.
fn overridden(subject: &Subject<'_, '_>, name: &str, origin: Origin) -> Option<(String, usize)> {
    let Origin::File { .. } = origin else { return None };
    let mut keys = name.split('.');
    let mut default = subject.config.service().get(keys.next()?)?;
    for key in keys {
        default = default.as_dict().and_then(|dict: &Dict<'_>| dict.get(key))?;
    }
    if default.origin == origin {
        return None;
    }
    line_of(&subject.forest.place(default.origin)?)
}

fn line_of(place: &Place) -> Option<(String, usize)> {
    let (source, span) = (place.source.as_ref()?, place.span?);
    Some((place.file.to_string(), source.position(span.start).line))
}
