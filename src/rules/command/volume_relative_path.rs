//! Paths of volumes.

use crate::diagnostic::Severity;
use crate::rules::volumes::volumes;
use crate::rules::written::excerpt;
use crate::rules::{Check, DocumentCx, Level, On, Rule, Sink};
use crate::yaml::Value;

pub(crate) static RULE: Rule = rule! {
    /// Finds volumes whose paths are not absolute, or cannot be written in Docker's notation.
    ///
    /// ## Why it matters
    ///
    /// A volume reaches Docker as `host:container:mode`. Docker refuses a container path that does
    /// not start with `/`, and a colon inside a path shifts the parts. Nothing expands `~` or
    /// `$HOME`. A relative host path means some other directory than the one that was meant.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_volumes:
    ///     - {containerPath: data, hostPath: /nail/srv/data, mode: RO}
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
    /// Docker's `--volume`: both paths absolute, no colon inside.
    "volume-relative-path" in Command,
    level: Error,
    also: &[Level::Warning],
    on: On::keys(&["extra_volumes"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for volume in volumes(cx) {
        for (key, relative) in [("containerPath", Severity::Error), ("hostPath", Severity::Warning)] {
            if let Some(path) = volume.get(key) {
                check_path(cx, key, path, relative, sink);
            }
        }
    }
}

fn check_path<'a>(cx: &DocumentCx<'a>, key: &str, path: Value<'a>, relative: Severity, sink: &mut Sink<'_>) {
    let Some(text) = path.as_str() else { return };
    let shown = || excerpt(text);
    let (message, label, severity) = if text.is_empty() {
        (format!("the `{key}` of this volume is empty"), "a path is missing", Severity::Error)
    } else if !text.starts_with('/') {
        (format!("the `{key}` `{}` is not absolute", shown()), "must start with `/`", relative)
    } else if text.contains(':') {
        (
            format!("the `{key}` `{}` has a colon", shown()),
            "a colon separates the parts of a volume",
            Severity::Error,
        )
    } else {
        return;
    };
    let why = match severity {
        Severity::Error => "Docker refuses to start a container with such a volume",
        _ => "it is looked for somewhere else than meant: nothing expands `~` or variables",
    };
    sink.report(
        cx.at(path.span(), message).label(label).why(why).help("write an absolute path").severity(severity),
    );
}
