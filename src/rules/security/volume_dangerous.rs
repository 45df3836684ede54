//! Volumes that give a container the host.

use crate::rules::volumes::{normal, volumes};
use crate::rules::{Check, DocumentCx, On, Rule, Sink};
use crate::yaml::Value;

pub(crate) static RULE: Rule = rule! {
    /// Finds volumes that give the container control over its host.
    ///
    /// ## Why it matters
    ///
    /// Whoever can talk to Docker's socket, or write to the host's system directories, is root on the
    /// host, and so is whoever breaks into the service. To read `/etc/shadow` or `/root` is bad
    /// enough. Nothing in PaaSTA checks what a volume exposes.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_volumes:
    ///     - {containerPath: /var/run/docker.sock, hostPath: /var/run/docker.sock, mode: RW}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_volumes:
    ///     - {containerPath: /nail/srv/data, hostPath: /nail/srv/data, mode: RO}
    /// ```
    ///
    /// ## Options
    ///
    /// `allow`: paths of the host that may be mounted all the same.
    ///
    /// ```config
    /// rules: {volume-dangerous: {options: {allow: [/var/run/docker.sock]}}}
    /// ```
    ///
    /// ## Source
    ///
    /// The warning at `extra_volumes` in the configuration reference; Docker's security documentation.
    "volume-dangerous" in Security,
    level: Warning,
    on: On::keys(&["extra_volumes"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for volume in volumes(cx) {
        let Some(path) = volume.get("hostPath") else { continue };
        let Some(text) = path.as_str() else { continue };
        let host = normal(text);
        let Some(danger) = danger(&host, is_writable(volume)) else { continue };
        if cx.env.settings.options.volume_dangerous.allow.iter().any(|allowed| normal(allowed) == host) {
            continue;
        }
        sink.report(
            cx.at(path.span(), format!("the container gets {danger}"))
                .label(if is_writable(volume) { "and may write to it" } else { "even if only to read" })
                .why("who breaks into the service, or makes a mistake in it, has the host")
                .help("mount only the directory that the service needs, and `RO` if reading is enough"),
        );
    }
}

/// A volume without a mode is writable to Docker.
fn is_writable(volume: Value<'_>) -> bool {
    !volume.get("mode").and_then(Value::as_str).is_some_and(|mode| mode.eq_ignore_ascii_case("RO"))
}

/// What the container gets, in words; `None` for harmless paths.
fn danger(host: &str, writable: bool) -> Option<String> {
    let always = match host {
        "/" => "the whole host",
        "/var/run/docker.sock" | "/run/docker.sock" => "Docker's socket, which makes it root on the host",
        "/var/run" | "/run" => "the host's sockets, Docker's among them",
        "/var/lib/docker" => "all images and containers of the host",
        "/var/lib/mesos" => "the sandboxes of all tasks on the host",
        "/proc" | "/sys" | "/dev" => "the host's kernel interface",
        "/boot" => "the host's kernel",
        "/root" => "the home of the host's root",
        "/etc/shadow" | "/etc/gshadow" => "the host's password hashes",
        "/etc/sudoers" | "/etc/sudoers.d" => "the host's list of who may become root",
        "/etc/ssh" => "the host's SSH keys",
        _ => "",
    };
    if !always.is_empty() {
        return Some(always.to_owned());
    }
    let system = [
        "/etc",
        "/usr",
        "/bin",
        "/sbin",
        "/lib",
        "/lib64",
        "/home",
        "/var",
        "/var/lib",
        "/nail/etc",
        "/etc/passwd",
        "/etc/group",
    ];
    (writable && system.contains(&host)).then(|| format!("`{host}` of the host to write to"))
}
