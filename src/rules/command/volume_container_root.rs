//! Volumes that hide what a container needs.

use crate::diagnostic::Severity;
use crate::rules::volumes::{normal, volumes};
use crate::rules::{Check, DocumentCx, Level, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds volumes that are mounted over `/`, `/proc`, `/sys`, `/dev`, `/etc` or the like in the container.
    ///
    /// ## Why it matters
    ///
    /// Docker refuses to mount on `/`, and on anything in `/proc`. A mount on `/sys`, `/dev`, `/etc`,
    /// `/bin`, `/sbin`, `/lib` or `/usr` hides what the image has there, and with it most of
    /// what makes it run.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_volumes:
    ///     - {containerPath: /, hostPath: /nail/srv/data, mode: RO}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_volumes:
    ///     - {containerPath: /data, hostPath: /nail/srv/data, mode: RO}
    /// ```
    ///
    /// ## Source
    ///
    /// Docker and runc, which refuse such mounts.
    "volume-container-root" in Command,
    level: Error,
    also: &[Level::Warning],
    on: On::keys(&["extra_volumes"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for volume in volumes(cx) {
        let Some(path) = volume.get("containerPath") else { continue };
        let Some(text) = path.as_str() else { continue };
        let (severity, why) = match normal(text).as_str() {
            "/" | "/proc" => (Severity::Error, "Docker refuses to start a container with a mount there"),
            "/sys" | "/dev" | "/etc" | "/bin" | "/sbin" | "/lib" | "/lib64" | "/usr" => {
                (Severity::Warning, "it hides what the image has there, and programs need that")
            }
            _ => continue,
        };
        sink.report(
            cx.at(path.span(), format!("a volume is mounted over `{}` of the container", normal(text)))
                .label("hides what the image has there")
                .why(why)
                .help("mount it on a directory of its own")
                .severity(severity),
        );
    }
}
