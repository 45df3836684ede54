//! What Docker is told: image, network, parameters, volumes, environment.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::effective::Branch;

use super::python::{self, Data, Dict, Exception, Value, str};
use super::{Refusal, Subject, mapping};

/// Docker's default scheduling period in microseconds (`utils:InstanceConfig.get_cpu_period`).
const CPU_PERIOD: i64 = 100_000;
/// How far an instance may exceed its share, in percent (`utils:DEFAULT_CPU_BURST_PCT`).
const CPU_BURST: i64 = 900;

impl<'s> Subject<'_, 's> {
    /// CPU shares; 0.25 unless set.
    pub fn cpus(&self) -> Value<'s> {
        self.config.or("cpus", 0.25)
    }

    /// Memory in MB; 1024 unless set.
    pub fn mem(&self) -> Value<'s> {
        self.config.or("mem", 1024)
    }

    /// Disk in MB; 1024 unless set.
    pub fn disk(&self) -> Value<'s> {
        self.config.or("disk", 1024)
    }

    /// The network as written; `bridge` unless set.
    pub fn net(&self) -> Value<'s> {
        self.config.or("net", "bridge")
    }

    /// The network as Mesos calls it.
    pub(super) fn network(&self) -> Value<'s> {
        let net = self.net();
        let data = match net.as_str() {
            Some("bridge") => Data::from("BRIDGE"),
            Some("host") => Data::from("HOST"),
            Some("none") => Data::from("NONE"),
            _ => return net,
        };
        Value::new(data, net.origin)
    }

    /// Port in the container; 8888 unless set.
    pub fn container_port(&self) -> Value<'s> {
        self.config.or("container_port", 8888)
    }

    /// Port on the host; 0 (any) unless set.
    pub fn host_port(&self) -> Value<'s> {
        self.config.or("host_port", 0)
    }

    /// The scheduling period as written.
    fn period(&self) -> Value<'s> {
        self.config.or("cfs_period_us", CPU_PERIOD)
    }

    /// `cfs_period_us` as a whole number.
    ///
    /// # Errors
    /// It is no number.
    pub fn cpu_period(&self) -> Result<Value<'s>, Refusal> {
        let period = self.period();
        let text = match period.as_str() {
            Some(text) => text.trim().to_owned(),
            None => python::truncate(&period).map_err(|e| Refusal::of("cfs_period_us", &e, period.origin))?,
        };
        let number = text.parse::<i64>().map(Data::Int).map_err(|_| {
            Refusal::of("cfs_period_us", &Exception::new("ValueError", "it is out of range"), period.origin)
        })?;
        Ok(Value::new(number, period.origin))
    }

    /// Microseconds of CPU time per period, before truncation.
    ///
    /// # Errors
    /// `cpus`, `cfs_period_us` or `cpu_burst_pct` is no number.
    pub fn cpu_quota(&self) -> Result<Value<'s>, Refusal> {
        let (cpus, burst) = (self.cpus(), self.config.or("cpu_burst_pct", CPU_BURST));
        let quota = python::quota(&cpus, &self.period(), &burst)
            .map_err(|exception| Refusal::of("cpus", &exception, cpus.origin))?;
        Ok(Value::new(Data::Float(quota), cpus.origin))
    }

    /// Memory and swap together, as Docker writes it.
    ///
    /// # Errors
    /// `mem` is no number, or not finite.
    pub fn mem_swap(&self) -> Result<Value<'s>, Refusal> {
        let mem = self.mem();
        let text = python::ceil(&mem).map_err(|exception| Refusal::of("mem", &exception, mem.origin))?;
        Ok(Value::new(Data::from(text + "m"), mem.origin))
    }

    /// Parameters of `docker run`: memory, CPU time, labels, limits, capabilities.
    ///
    /// # Errors
    /// A value that cannot be written as a parameter.
    pub fn docker_parameters(&self, with_labels: bool) -> Result<Value<'s>, Refusal> {
        let quota = self.cpu_quota()?;
        let quota_text = python::truncate(&quota).map_err(|e| Refusal::of("cpus", &e, quota.origin))?;
        let period = self.cpu_period()?;
        let mut parameters = vec![
            parameter("memory-swap", self.mem_swap()?),
            parameter("cpu-period", Value::new(Data::from(str(&period).into_owned()), period.origin)),
            parameter("cpu-quota", Value::new(Data::from(quota_text), quota.origin)),
        ];
        if with_labels {
            let label =
                |name: &str, value: &str| parameter("label", Value::default(format!("{name}={value}")));
            parameters.push(label("paasta_service", self.config.service_name()));
            parameters.push(label("paasta_instance", self.config.name()));
        }
        self.add_ulimits(&mut parameters)?;
        if let Some(capabilities) = self.config.get("cap_add") {
            for capability in items(capabilities, "cap_add")? {
                parameters.push(parameter("cap-add", Value::new(text_of(&capability), capability.origin)));
            }
        }
        Ok(Value::computed(parameters))
    }

    fn add_ulimits(&self, parameters: &mut Vec<Value<'s>>) -> Result<(), Refusal> {
        let Some(ulimit) = self.config.get("ulimit") else { return Ok(()) };
        let limits = match &ulimit.data {
            Data::Dict(limits) => Cow::Borrowed(limits),
            // The documentation's example is a list of one-key mappings.
            Data::List(list) if self.context.dialect.ulimit_list => Cow::Owned(one_mapping(list)),
            _ => return Err(Refusal::new("AttributeError", "`ulimit` is not a mapping").at(ulimit.origin)),
        };
        let mut names: Vec<(Cow<'_, str>, &Value<'s>)> =
            limits.iter().map(|entry| (key_text(&entry.key), &entry.value)).collect();
        names.sort_by(|a, b| a.0.cmp(&b.0));
        for (name, limit) in names {
            let wrong = |exception| Refusal::of("ulimit", &exception, limit.origin);
            let soft = limit.get("soft").filter(|soft| !soft.is_none()).ok_or_else(|| {
                Refusal::new("InvalidInstanceConfig", format!("the limit `{name}` has no `soft` value"))
                    .at(limit.origin)
                    .help("add `soft: <number>` to it")
            })?;
            let mut text = format!("{name}={}", python::truncate(soft).map_err(wrong)?);
            if let Some(hard) = limit.get("hard").filter(|hard| !hard.is_none()) {
                text.push(':');
                text.push_str(&python::truncate(hard).map_err(wrong)?);
            }
            parameters.push(parameter("ulimit", Value::new(Data::from(text), soft.origin)));
        }
        Ok(())
    }

    /// Registry and image.
    ///
    /// # Errors
    /// No registry is known, or nothing is deployed.
    pub fn docker_url(&self) -> Result<Value<'s>, Refusal> {
        let registry = self.docker_registry()?;
        let branch = self.deployed()?;
        let image = branch.image();
        if !image.is_truthy() {
            return Err(Refusal::new("NoDockerImageError", "no image of it is deployed")
                .help("deployments.json has no image for this instance: deploy it, or emit without --require-deployments"));
        }
        Ok(Value::new(Data::from(format!("{}/{}", str(&registry), str(&image))), image.origin))
    }

    /// Where images come from: the service's own registry, else the system's.
    ///
    /// # Errors
    /// The system configuration names none.
    pub fn docker_registry(&self) -> Result<Value<'s>, Refusal> {
        match self.config.service().get("docker_registry") {
            Some(registry) => Ok(registry.clone()),
            None => self.context.system.docker_registry(),
        }
    }

    /// Volumes of the system and of the instance, each pair of paths once, in order.
    ///
    /// # Errors
    /// The system names none; a volume without a path, or of a wrong shape.
    pub fn volumes(&self) -> Result<Value<'s>, Refusal> {
        let mut volumes: BTreeMap<String, Value<'s>> = BTreeMap::new();
        let extra = self.config.get("extra_volumes");
        let extra = extra.map(|extra| items(extra, "extra_volumes")).transpose()?.unwrap_or_default();
        let wins = self.context.dialect.extra_volumes_win_by_container_path;
        let container_path =
            |volume: &Value<'_>| volume.get("containerPath").map(|path| str(path).into_owned());
        let taken: BTreeSet<Option<String>> =
            if wins { extra.iter().map(container_path).collect() } else { BTreeSet::new() };
        let overrides = |volume: &Value<'_>| wins && taken.contains(&container_path(volume));
        let system = self.context.system.volumes()?.iter().filter(|volume| !overrides(volume)).cloned();
        for volume in system.chain(extra.iter().cloned()) {
            let identity = format!("{}{}", path(&volume, "containerPath")?, path(&volume, "hostPath")?);
            // Of equal ones the last stays.
            volumes.insert(identity, volume);
        }
        let mut sorted: Vec<(Vec<(String, String)>, Value<'s>)> =
            volumes.into_values().map(|volume| (sorted_items(&volume), volume)).collect();
        sorted.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(Value::computed(sorted.into_iter().map(|(_, volume)| volume).collect::<Vec<_>>()))
    }

    /// The environment: what PaaSTA injects, then the user's, which wins.
    ///
    /// # Errors
    /// `env` is no mapping.
    pub fn environment(&self, branch: &Branch) -> Result<Dict<'s>, Refusal> {
        let injected = |text: &str| Value::default(text.to_owned());
        let mut env = Dict::of([
            ("PAASTA_SERVICE", injected(self.config.service_name())),
            ("PAASTA_INSTANCE", injected(self.config.name())),
            ("PAASTA_CLUSTER", injected(self.context.cluster)),
            ("PAASTA_DOCKER_IMAGE", branch.image()),
        ]);
        let Some(user) = self.config.get("env") else { return Ok(env) };
        let Data::Dict(user) = &user.data else {
            return Err(Refusal::new("TypeError", "`env` is not a mapping").at(user.origin));
        };
        let injected = env.len();
        for entry in user {
            match env.entries_mut().iter_mut().take(injected).find(|known| known.key == entry.key) {
                Some(known) => known.value = entry.value.clone(),
                None => env.push(entry.key.clone(), entry.value.clone()),
            }
        }
        Ok(env)
    }

    /// Shell command, null if there is none.
    pub fn cmd(&self) -> Value<'s> {
        self.config.or("cmd", Data::None)
    }

    /// Arguments of the image's entry point.
    ///
    /// # Errors
    /// There is a command, too.
    pub fn args(&self) -> Result<Value<'s>, Refusal> {
        let args = self.config.get("args");
        if self.cmd().is_none() {
            return Ok(args.cloned().unwrap_or_else(|| Value::default(Vec::new())));
        }
        match args.filter(|args| !args.is_none()) {
            None => Ok(Value::default(Data::None)),
            Some(args) => Err(Refusal::new("InvalidInstanceConfig", "it has both `cmd` and `args`")
                .at(args.origin)
                .help("keep one of them")),
        }
    }
}

/// Items of a list, or what Python takes for them: characters of text, keys of a mapping.
///
/// # Errors
/// Everything that Python cannot go through.
pub(super) fn items<'s>(value: &Value<'s>, key: &str) -> Result<Vec<Value<'s>>, Refusal> {
    match &value.data {
        Data::List(list) => Ok(list.clone()),
        Data::Str(text) => {
            Ok(text.chars().map(|c| Value::new(Data::from(c.to_string()), value.origin)).collect())
        }
        Data::Dict(dict) => {
            Ok(dict.iter().map(|entry| Value::new(entry.key.clone(), entry.value.origin)).collect())
        }
        _ => Err(Refusal::new("TypeError", format!("`{key}` is not a list")).at(value.origin)),
    }
}

fn parameter<'s>(key: &'static str, value: Value<'s>) -> Value<'s> {
    mapping([("key", Value::default(key)), ("value", value)])
}

fn text_of<'s>(value: &Value<'s>) -> Data<'s> {
    Data::from(str(value).into_owned())
}

fn key_text<'a>(key: &'a Data<'_>) -> Cow<'a, str> {
    match key {
        Data::Str(text) => Cow::Borrowed(text),
        other => Cow::Owned(python::repr(other)),
    }
}

/// The mapping that a list of mappings is meant to be.
fn one_mapping<'s>(list: &[Value<'s>]) -> Dict<'s> {
    let mut merged = Dict::new();
    for entry in list.iter().filter_map(Value::as_dict).flatten() {
        if let Some(name) = entry.key.as_str() {
            merged.insert(name.to_owned(), entry.value.clone());
        }
    }
    merged
}

fn path(volume: &Value<'_>, key: &str) -> Result<String, Refusal> {
    let Some(entries) = volume.as_dict() else {
        return Err(Refusal::new("TypeError", "a volume is not a mapping").at(volume.origin));
    };
    match entries.get(key) {
        Some(path) if path.as_str().is_some() => Ok(str(path).into_owned()),
        Some(path) => {
            Err(Refusal::new("TypeError", format!("the `{key}` of a volume is not text")).at(path.origin))
        }
        None => Err(Refusal::new("KeyError", format!("a volume has no `{key}`")).at(volume.origin)),
    }
}

/// Keys and values in order of the keys: what volumes are sorted by.
fn sorted_items(volume: &Value<'_>) -> Vec<(String, String)> {
    let entries = volume.as_dict().into_iter().flatten();
    let mut items: Vec<(String, String)> =
        entries.map(|entry| (key_text(&entry.key).into_owned(), str(&entry.value).into_owned())).collect();
    items.sort();
    items
}
