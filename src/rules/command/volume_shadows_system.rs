//! Volumes where every container has one already.

use crate::rules::support::words::shown;
use crate::rules::volumes::{normal, volumes};
use crate::rules::{Check, DocumentCx, On, Rule, Sink};
use crate::yaml::Value;

pub(crate) static RULE: Rule = rule! {
    /// Finds volumes on a path of the container where the site mounts a volume of its own.
    ///
    /// ## Why it matters
    ///
    /// The documentation says that `extra_volumes` wins. paasta-tools 0.66 mounts both unless host
    /// path and container path are equal, and Docker refuses to start a container with two mounts
    /// on one path.
    ///
    /// The rule needs `site: {system-volumes: [..]}` in `.soalint.yaml` and is silent without it.
    ///
    /// ## Example
    ///
    /// ```config
    /// site: {system-volumes: [{containerPath: /nail/etc, hostPath: /nail/etc, mode: RO}]}
    /// ```
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_volumes:
    ///     - {containerPath: /nail/etc, hostPath: /nail/own-etc, mode: RO}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```config
    /// site: {system-volumes: [{containerPath: /nail/etc, hostPath: /nail/etc, mode: RO}]}
    /// ```
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_volumes:
    ///     - {containerPath: /nail/own-etc, hostPath: /nail/own-etc, mode: RO}
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `extra_volumes`; paasta-tools 0.66.6 `utils:InstanceConfig.get_volumes`,
    /// recorded by running it; Docker ("Duplicate mount point").
    "volume-shadows-system" in Command,
    level: Warning,
    on: On::keys(&["extra_volumes"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    let Some(system) = &cx.env.settings.site.system_volumes else { return };
    for volume in volumes(cx) {
        let Some(place) = volume.get("containerPath") else { continue };
        let Some(path) = place.as_str() else { continue };
        let path = normal(path);
        let Some(other) = system.iter().find(|other| normal(&other.container_path) == path) else { continue };
        let Some(host) = volume.get("hostPath").and_then(Value::as_str) else { continue };
        if normal(host) == normal(&other.host_path) {
            continue;
        }
        sink.report(
            cx.at(
                place.span(),
                format!(
                    "the site mounts `{}` on `{}` in every container",
                    shown(&other.host_path),
                    shown(&path)
                ),
            )
            .label("a volume is there already")
            .why("paasta-tools 0.66 mounts both, and Docker refuses to start the container")
            .help("mount it elsewhere in the container"),
        );
    }
}
