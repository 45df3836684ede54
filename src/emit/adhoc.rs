//! What `paasta local-run` runs for an adhoc instance (`cli/cmds/local_run.py`).

use super::python::{self, Data, Dict, Value, str};
use super::{Refusal, Subject};
use crate::model::kind::FileKind;

/// What local-run finds out about the machine it is started on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// Its name.
    pub hostname: String,
    /// A free port.
    pub port: u16,
    /// The name that the container gets.
    pub container_name: String,
}

impl Default for Machine {
    /// Stand-ins: the real ones differ from run to run.
    fn default() -> Self {
        Self { hostname: "localhost".to_owned(), port: 33_333, container_name: "paasta_local_run".to_owned() }
    }
}

/// The arguments of `paasta_docker_wrapper` that run the instance on `machine`.
///
/// # Errors
/// What makes local-run raise.
pub fn argv(subject: &Subject<'_, '_>, machine: &Machine) -> Result<Vec<String>, Refusal> {
    match subject.config.kind() {
        FileKind::Adhoc => {}
        // The health check is worked out before anything runs; only its mode and command can fail.
        FileKind::Marathon => check_health(subject)?,
        _ => {
            let name = subject.config.name();
            return Err(Refusal::new("", format!("local-run starts the job `{name}`, which comes first"))
                .help("give the adhoc instance a name of its own"));
        }
    }
    let url = subject.docker_url()?;
    let mut argv: Vec<String> = vec!["paasta_docker_wrapper".to_owned(), "run".to_owned()];
    for entry in &environment(subject, machine)? {
        argv.push("--env".to_owned());
        argv.push(format!("{}={}", key(&entry.key), str(&entry.value)));
    }
    let mem = subject.mem();
    let memory = python::truncate(&mem).map_err(|exception| Refusal::of("mem", &exception, mem.origin))?;
    argv.push(format!("--memory={memory}m"));
    for parameter in subject.docker_parameters(true)?.as_list().unwrap_or_default() {
        let part = |key: &str| parameter.get(key).map(|value| str(value).into_owned()).unwrap_or_default();
        argv.push(format!("--{}={}", part("key"), part("value")));
    }
    match subject.net().as_str() {
        Some("bridge") => argv.push(format!("--publish={}:{}", machine.port, str(&subject.container_port()))),
        Some("host") => argv.push("--net=host".to_owned()),
        _ => {}
    }
    argv.push(format!("--name={}", machine.container_name));
    for volume in volumes(subject)? {
        argv.push(format!("--volume={volume}"));
    }
    argv.push("--detach=true".to_owned());
    argv.push(str(&url).into_owned());
    let cmd = subject.cmd();
    let arguments = subject.args()?;
    if cmd.is_truthy() {
        argv.extend(["sh".to_owned(), "-c".to_owned(), str(&cmd).into_owned()]);
    } else if arguments.is_truthy() {
        argv.extend(super::docker::items(&arguments, "args")?.iter().map(|arg| str(arg).into_owned()));
    }
    Ok(argv)
}

/// Whether local-run could work out the health check; unlike for Marathon, https is fine.
fn check_health(subject: &Subject<'_, '_>) -> Result<(), Refusal> {
    let namespace = subject.config.namespace(subject.forest, subject.context.dialect)?;
    let mode = subject.healthcheck_mode(&namespace)?;
    if mode.as_str() == Some("cmd") { subject.health_checks(&namespace).map(|_| ()) } else { Ok(()) }
}

/// The environment that a task would have, with what Mesos adds.
fn environment<'s>(subject: &Subject<'_, 's>, machine: &Machine) -> Result<Dict<'s>, Refusal> {
    let branch = subject.deployed()?;
    let mut env = subject.environment(branch)?;
    env.insert("HOST", Value::computed(machine.hostname.clone()));
    env.insert("MESOS_SANDBOX", Value::default("/mnt/mesos/sandbox"));
    env.insert("MESOS_CONTAINER_NAME", Value::default("mesos-simulated-container-name"));
    env.insert("MESOS_TASK_ID", Value::default("simulated_mesos_task_id"));
    env.insert("PAASTA_DOCKER_IMAGE", branch.image());
    if subject.config.kind() == FileKind::Marathon {
        add_marathon(subject, machine, &mut env, &str(&branch.image()));
    }
    Ok(env)
}

/// What Marathon would add.
fn add_marathon<'s>(subject: &Subject<'_, 's>, machine: &Machine, env: &mut Dict<'s>, image: &str) {
    let port = || Value::computed(machine.port.to_string());
    let text = |value: Value<'s>| Value::new(Data::from(str(&value).into_owned()), value.origin);
    env.insert("MARATHON_PORT", port());
    env.insert("MARATHON_PORT0", port());
    env.insert("MARATHON_PORTS", port());
    env.insert(format!("MARATHON_PORT_{}", str(&subject.container_port())), port());
    env.insert("MARATHON_APP_VERSION", Value::default("simulated_marathon_app_version"));
    env.insert("MARATHON_APP_RESOURCE_CPUS", text(subject.cpus()));
    env.insert("MARATHON_APP_DOCKER_IMAGE", Value::computed(image.to_owned()));
    env.insert("MARATHON_APP_RESOURCE_MEM", text(subject.mem()));
    env.insert("MARATHON_APP_RESOURCE_DISK", text(subject.disk()));
    env.insert("MARATHON_APP_LABELS", Value::default(""));
    env.insert("MARATHON_APP_ID", Value::default("/simulated_marathon_app_id"));
    env.insert("MARATHON_HOST", Value::computed(machine.hostname.clone()));
}

/// Volumes of the system, then of the instance, as `docker run` takes them. One mapping counts as
/// a list of it.
fn volumes(subject: &Subject<'_, '_>) -> Result<Vec<String>, Refusal> {
    let system = subject.context.system.volumes()?.iter().map(volume);
    let mut all = system.collect::<Result<Vec<_>, _>>()?;
    match subject.config.get("extra_volumes") {
        Some(one) if one.as_dict().is_some() => all.push(volume(one)?),
        Some(many) => {
            for extra in super::docker::items(many, "extra_volumes")? {
                all.push(volume(&extra)?);
            }
        }
        None => {}
    }
    Ok(all)
}

fn volume(volume: &Value<'_>) -> Result<String, Refusal> {
    let part = |key: &str| {
        volume
            .get(key)
            .ok_or_else(|| Refusal::new("KeyError", format!("a volume has no `{key}`")).at(volume.origin))
    };
    let mode = part("mode")?;
    let Some(lower) = mode.as_str().map(<str>::to_lowercase) else {
        return Err(Refusal::new("AttributeError", "the `mode` of a volume is not text").at(mode.origin));
    };
    Ok(format!("{}:{}:{lower}", str(part("hostPath")?), str(part("containerPath")?)))
}

fn key(key: &Data<'_>) -> String {
    key.as_str().map_or_else(|| python::repr(key), ToOwned::to_owned)
}
