//! Writing where others write, too.

use crate::rules::support::words::shown;
use crate::rules::volumes::{normal, volumes};
use crate::rules::{Check, DocumentCx, On, Rule, Sink};
use crate::yaml::Value;

pub(crate) static RULE: Rule = rule! {
    /// Finds volumes that let a container write to a directory that everything on the host shares.
    ///
    /// ## Why it matters
    ///
    /// In `/tmp`, `/var/tmp`, `/var/log` and `/nail` all services of the host write or read. A file
    /// of one can overwrite that of another, and what a container leaves there stays after it is
    /// gone. The documentation's own example mounts `/tmp`, hence this is advice.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_volumes:
    ///     - {containerPath: /tmp, hostPath: /tmp, mode: RW}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_volumes:
    ///     - {containerPath: /scratch, hostPath: /nail/srv/search-scratch, mode: RW}
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `extra_volumes`: to "be used sparingly".
    "volume-rw-shared" in Command,
    level: Info,
    on: On::keys(&["extra_volumes"]),
    check: Check::Document(check),
};

const SHARED: [&str; 5] = ["/tmp", "/var/tmp", "/var/log", "/nail", "/dev/shm"];

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for volume in volumes(cx) {
        let writes =
            volume.get("mode").and_then(Value::as_str).is_some_and(|mode| mode.eq_ignore_ascii_case("rw"));
        let Some(place) = volume.get("hostPath").filter(|_| writes) else { continue };
        let Some(path) = place.as_str().map(normal).filter(|path| SHARED.contains(&path.as_str())) else {
            continue;
        };
        sink.report(
            cx.at(place.span(), format!("everything on the host shares `{}`", shown(&path)))
                .label("this container can write there")
                .why("files of one service can overwrite those of another, and stay when the task is gone")
                .help("mount a directory of the service's own, or mount this one with mode RO"),
        );
    }
}
