//! Marathon apps (`marathon_tools:MarathonServiceConfig.format_marathon_app_dict`).

use std::fmt::Write as _;

use md5::{Digest as _, Md5};

use super::python::{self, Data, Dict, Exception, Value, dumps_without, str};
use super::{Refusal, Subject, mapping, rest};

/// Keys that change without a new deployment, so they do not enter the hash
/// (`marathon_tools:CONFIG_HASH_BLACKLIST`).
const NOT_HASHED: [&str; 3] = ["id", "instances", "backoff_seconds"];

/// One Marathon app.
#[derive(Clone, Debug)]
pub struct App<'s> {
    /// What PaaSTA calls the complete configuration: snake case, with nulls.
    pub payload: Value<'s>,
    /// Exactly the text that is hashed.
    pub hash_input: String,
    /// `config` and 8 hexadecimal digits.
    pub config_hash: String,
}

impl<'s> App<'s> {
    /// The app of a Marathon instance.
    ///
    /// # Errors
    /// What makes PaaSTA raise, and what Marathon's own client refuses.
    pub fn of(subject: &Subject<'_, 's>) -> Result<Self, Refusal> {
        let namespace = subject.config.namespace(subject.forest, subject.context.dialect)?;
        let docker_url = subject.docker_url()?;
        let branch = subject.deployed()?;
        let network = subject.network();
        let is_bridge = network.as_str() == Some("BRIDGE");
        let mut payload = Dict::of([
            ("uris", Value::computed(vec![subject.context.system.dockercfg()])),
            ("backoff_seconds", subject.backoff_seconds()?),
            ("backoff_factor", subject.config.or("backoff_factor", 2)),
            ("max_launch_delay_seconds", subject.config.or("max_launch_delay_seconds", 300)),
            ("health_checks", subject.health_checks(&namespace)?),
            ("env", Value::computed(subject.environment(branch)?)),
            ("mem", float(&subject.mem(), "mem")?),
            ("cpus", float(&subject.cpus(), "cpus")?),
            ("disk", float(&subject.disk(), "disk")?),
            ("constraints", subject.constraints(Some(&namespace))?),
            ("instances", subject.desired_instances()?),
            ("cmd", subject.cmd()),
            ("args", subject.args()?),
        ]);
        if !is_bridge {
            let port = subject.host_port();
            let fixed = port.data != Data::Int(0);
            let definition = mapping([("port", port), ("protocol", Value::default("tcp"))]);
            payload.insert("port_definitions", Value::computed(vec![definition]));
            payload.insert("require_ports", Value::computed(fixed));
        }
        if let Some(roles) = subject.config.set("accepted_resource_roles") {
            payload.insert("accepted_resource_roles", roles.clone());
        }
        let volumes = subject.volumes()?;
        let container = |with_labels: bool| -> Result<Value<'s>, Refusal> {
            let mut docker = Dict::of([
                ("image", docker_url.clone()),
                ("network", network.clone()),
                ("parameters", subject.docker_parameters(with_labels)?),
            ]);
            if is_bridge {
                let ports = mapping([
                    ("containerPort", subject.container_port()),
                    ("hostPort", subject.host_port()),
                    ("protocol", Value::default("tcp")),
                ]);
                docker.insert("portMappings", Value::computed(vec![ports]));
            }
            Ok(mapping([
                ("docker", Value::computed(docker)),
                ("type", Value::default("DOCKER")),
                ("volumes", volumes.clone()),
            ]))
        };
        payload.insert("container", container(false)?);
        let (hash_input, config_hash) = hash(&payload, subject)?;
        payload.insert("container", container(true)?);
        let id = app_id(subject, &str(&docker_url), &config_hash);
        payload.insert("id", Value::computed(id));
        Ok(Self { payload: Value::computed(payload), hash_input, config_hash })
    }

    /// The app's id.
    pub fn id(&self) -> &str {
        self.payload.get("id").and_then(Value::as_str).unwrap_or("")
    }

    /// The body that Marathon gets: camel case, without nulls and empty collections.
    ///
    /// # Errors
    /// Marathon's client refuses it before anything is sent.
    pub fn rest(self) -> Result<Value<'s>, Refusal> {
        rest::body(self.payload)
    }
}

/// The text that is hashed, and the hash: MD5 over sorted JSON and the force-bounce token.
fn hash(payload: &Dict<'_>, subject: &Subject<'_, '_>) -> Result<(String, String), Refusal> {
    config_hash(dumps_without(payload, &NOT_HASHED), subject)
}

/// `utils:get_config_hash`: the hashed text, and `config` with 8 digits of its MD5.
pub(super) fn config_hash(
    dumped: Result<String, Exception>,
    subject: &Subject<'_, '_>,
) -> Result<(String, String), Refusal> {
    let mut text = dumped.map_err(|exception| Refusal::from(exception).help("write the value as text"))?;
    if let Some(token) = subject.deployed()?.force_bounce()? {
        text.push_str(&str(token));
    }
    let digest = Md5::digest(text.as_bytes());
    let mut hash = "config".to_owned();
    for byte in digest.iter().take(4) {
        // Writing to a string cannot fail.
        let _ = write!(hash, "{byte:02x}");
    }
    Ok((text, hash))
}

/// Service, instance, code and configuration, with `_` written as `--`, which ids may hold.
fn app_id(subject: &Subject<'_, '_>, docker_url: &str, config_hash: &str) -> String {
    let last = |text: &str, by: char| text.rsplit(by).next().unwrap_or("").to_owned();
    let sha: String = last(&last(docker_url, '/'), '-').chars().take(8).collect();
    let parts = [subject.config.service_name(), subject.config.name(), &format!("git{sha}"), config_hash];
    parts.map(|part| part.replace('_', "--")).join(".")
}

fn float<'s>(value: &Value<'s>, key: &str) -> Result<Value<'s>, Refusal> {
    let number = python::to_float(value).map_err(|exception| Refusal::of(key, &exception, value.origin))?;
    Ok(Value::new(Data::Float(number), value.origin))
}

impl<'s> Subject<'_, 's> {
    /// Upper bound of autoscaling; null without it.
    pub fn max_instances(&self) -> Value<'s> {
        self.config.or("max_instances", Data::None)
    }

    /// How many instances, whether stopped or not: the autoscaler's count within its bounds,
    /// `max_instances` without a count, else `instances`.
    ///
    /// # Errors
    /// Not a number.
    pub fn instances(&self) -> Result<Value<'s>, Refusal> {
        let max = self.max_instances();
        let checked = |value: Value<'s>, key: &str| {
            python::truncate(&value).map_err(|exception| Refusal::of(key, &exception, value.origin))?;
            Ok(value)
        };
        if max.is_none() {
            return checked(self.config.or("instances", 1), "instances");
        }
        let key = format!("{}.{}", self.config.service_name(), self.config.name());
        let Some(&count) = self.context.counts.get(&key) else { return checked(max, "max_instances") };
        let min = self.config.or("min_instances", 1);
        let number = |value: &Value<'s>, key: &str| {
            python::to_float(value).map_err(|exception| Refusal::of(key, &exception, value.origin))
        };
        let count = Value::new(Data::Int(count), python::Origin::Given);
        let limited = if number(&max, "max_instances")? < number(&count, "instances")? { max } else { count };
        Ok(if number(&min, "min_instances")? < number(&limited, "instances")? { limited } else { min })
    }

    /// How many instances are to run: none unless the desired state is `start`.
    ///
    /// # Errors
    /// Not a number; no deployment data.
    pub fn desired_instances(&self) -> Result<Value<'s>, Refusal> {
        let state = self.deployed()?.desired_state();
        if state.as_str() == Some("start") {
            self.instances()
        } else {
            Ok(Value::new(Data::Int(0), state.origin))
        }
    }

    /// Seconds to wait after a failed launch: less the more instances there are.
    ///
    /// # Errors
    /// Not a number.
    pub fn backoff_seconds(&self) -> Result<Value<'s>, Refusal> {
        let max = self.max_instances();
        let (count, key) = if max.is_none() {
            (self.config.or("instances", 1), "instances")
        } else {
            (max, "max_instances")
        };
        let wrong = |exception| Refusal::of(key, &exception, count.origin);
        python::truncate(&count).map_err(wrong)?;
        let number = python::to_float(&count).map_err(wrong)?;
        if number == 0.0 {
            return Ok(Value::new(Data::Int(1), count.origin));
        }
        let text = python::ceil(&Value::computed(10.0 / number)).map_err(wrong)?;
        Ok(Value::new(Data::Int(text.parse().unwrap_or(i64::MAX)), count.origin))
    }
}
