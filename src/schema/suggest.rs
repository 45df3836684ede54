//! What an unknown key was probably meant to be.

use crate::model::keys;
use crate::model::kind::FileKind;
use crate::model::table::{Key, Record};
use crate::suggest::nearest;

/// Words that people write for a key of another name.
const SYNONYMS: &[(&str, &str)] = &[
    ("ram", "mem"),
    ("memory", "mem"),
    ("memory_mb", "mem"),
    ("mem_mb", "mem"),
    ("cpu", "cpus"),
    ("cores", "cpus"),
    ("storage", "disk"),
    ("disk_mb", "disk"),
    ("command", "cmd"),
    ("arguments", "args"),
    ("environment", "env"),
    ("enviroment", "env"),
    ("environment_variables", "env"),
    ("env_vars", "env"),
    ("volumes", "extra_volumes"),
    ("mounts", "extra_volumes"),
    ("ulimits", "ulimit"),
    ("capabilities", "cap_add"),
    ("network", "net"),
    ("network_mode", "net"),
    ("replicas", "instances"),
    ("count", "instances"),
    ("ports", "container_port"),
    ("port", "container_port"),
    ("port", "proxy_port"),
    ("deploy_groups", "deploy_group"),
    ("deploygroup", "deploy_group"),
    ("registration_namespaces", "registrations"),
    ("registration", "registrations"),
    ("healthcheck_url", "healthcheck_uri"),
    ("healthcheck_path", "healthcheck_uri"),
    ("healthcheck_command", "healthcheck_cmd"),
    ("healthcheck_type", "healthcheck_mode"),
    ("healthcheck_interval", "healthcheck_interval_seconds"),
    ("healthcheck_timeout", "healthcheck_timeout_seconds"),
    ("healthcheck_grace_period", "healthcheck_grace_period_seconds"),
    ("whitelist", "deploy_whitelist"),
    ("blacklist", "deploy_blacklist"),
    ("cron", "schedule"),
    ("timezone", "schedule_time_zone"),
    ("time_zone", "schedule_time_zone"),
    ("tz", "schedule_time_zone"),
    ("depends_on", "parents"),
    ("dependencies", "parents"),
    ("container_path", "containerPath"),
    ("host_path", "hostPath"),
    ("email", "notification_email"),
    ("notification_emails", "notification_email"),
    ("irc_channel", "irc_channels"),
    ("channels", "irc_channels"),
    ("instancename", "step"),
    ("name", "step"),
];

/// Keys of other systems, with what PaaSTA has instead.
const ELSEWHERE: &[(&str, &str)] = &[
    ("image", "PaaSTA takes the image from the deployment; `deploy_group` chooses which"),
    ("docker_image", "PaaSTA takes the image from the deployment; `deploy_group` chooses which"),
    ("ports", "PaaSTA maps one port by itself; smartstack.yaml makes it reachable"),
    ("labels", "PaaSTA sets the labels itself"),
    ("user", "the image says as which user its command runs"),
    ("restart", "Marathon always restarts a task that ends"),
];

/// The key of `record` that `name` probably means; `is_path` if its value looks like a path.
pub(crate) fn in_record(
    name: &str,
    is_path: bool,
    record: &Record,
    accepted: impl Fn(&Key) -> bool,
) -> Option<&'static str> {
    let names: Vec<&'static str> = record.keys().filter(|key| accepted(key)).map(|key| key.name).collect();
    let folded = name.to_ascii_lowercase().replace('-', "_");
    let mut synonyms = SYNONYMS.iter().filter(|(word, _)| *word == folded).map(|(_, key)| *key);
    let found = synonyms.find(|key| names.contains(key)).or_else(|| nearest(name, names.iter().copied()));
    // A path, unless it is that of a command.
    let is_path = is_path && folded.contains("health") && found != Some("healthcheck_cmd");
    if is_path && names.contains(&"healthcheck_uri") { Some("healthcheck_uri") } else { found }
}

/// Whether `name` is one letter away from `near` and from no other key of the record.
pub(crate) fn is_only_slip(name: &str, near: &str, record: &Record) -> bool {
    // What the key was called in PaaSTA until 2016.
    if name == "registration_namespaces" {
        return true;
    }
    let is_near =
        |key: &Key| key.name.len().abs_diff(name.len()) < 2 && strsim::osa_distance(name, key.name) < 2;
    let mut all = record.keys().filter(|key| is_near(key));
    all.next().is_some_and(|key| key.name == near) && all.next().is_none()
}

/// What to know about a key that belongs to another system.
pub(crate) fn elsewhere(name: &str) -> Option<&'static str> {
    ELSEWHERE.iter().find(|(word, _)| *word == name).map(|(_, words)| *words)
}

/// Other kinds of file whose entries have a key of this name.
pub(crate) fn other_kinds(name: &str, kind: FileKind) -> Vec<FileKind> {
    let kinds = keys::kinds_with(name).into_iter().map(|(other, _)| other);
    kinds.filter(|other| *other != kind && *other != FileKind::Service).collect()
}

/// The key of an entry of this kind that holds a key of this name: `monitoring` for `team`.
pub(crate) fn holder(name: &str, kind: FileKind) -> Option<&'static str> {
    let rows = keys::all(kind);
    let depth = usize::from(kind.has_instances() || kind == FileKind::Smartstack);
    rows.into_iter().find_map(|(path, key)| {
        (key.name == name && path.len() == depth + 2).then(|| path.get(depth).copied()).flatten()
    })
}
