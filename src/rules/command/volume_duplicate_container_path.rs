//! Two volumes in one place.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::diagnostic::Severity;
use crate::rules::volumes::{normal, volume_lists};
use crate::rules::written::excerpt;
use crate::rules::{Check, DocumentCx, Level, On, Rule, Sink};
use crate::yaml::Value;

pub(crate) static RULE: Rule = rule! {
    /// Finds two volumes of one instance that are mounted on the same path in the container.
    ///
    /// ## Why it matters
    ///
    /// Docker refuses two mounts on one place, so the task never starts. A slash at the end or a
    /// doubled one makes no difference to Docker. If the host path is the same, too, PaaSTA keeps
    /// the last of the two and drops the first without a word.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_volumes:
    ///     - {containerPath: /cache, hostPath: /nail/srv/cache-a, mode: RW}
    ///     - {containerPath: /cache/, hostPath: /nail/srv/cache-b, mode: RW}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_volumes:
    ///     - {containerPath: /cache-a, hostPath: /nail/srv/cache-a, mode: RW}
    ///     - {containerPath: /cache-b, hostPath: /nail/srv/cache-b, mode: RW}
    /// ```
    ///
    /// ## Source
    ///
    /// Docker ("Duplicate mount point"); paasta-tools 0.66.6 `utils:InstanceConfig.get_volumes`, recorded by
    /// running it.
    "volume-duplicate-container-path" in Command,
    level: Error,
    also: &[Level::Warning],
    on: On::keys(&["extra_volumes"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for list in volume_lists(cx) {
        if list.len() < 2 {
            continue;
        }
        let mut seen: BTreeMap<String, Value<'_>> = BTreeMap::new();
        for volume in list.items() {
            let Some(place) = volume.get("containerPath") else { continue };
            let Some(path) = place.as_str() else { continue };
            match seen.entry(normal(path)) {
                Entry::Occupied(first) => compare(cx, *first.get(), volume, sink),
                Entry::Vacant(slot) => {
                    slot.insert(volume);
                }
            }
        }
    }
}

fn compare<'a>(cx: &DocumentCx<'a>, first: Value<'a>, second: Value<'a>, sink: &mut Sink<'_>) {
    let (Some(before), Some(place)) = (first.get("containerPath"), second.get("containerPath")) else {
        return;
    };
    let text = |volume: Value<'a>, key| volume.get(key).and_then(Value::as_str);
    let same = |key| text(first, key) == text(second, key);
    if same("containerPath") && same("hostPath") {
        // Twice the same is the schema's business; here one of two modes is lost.
        if !same("mode") {
            sink.report(
                cx.at(second.span(), format!("the volume `{}` is there twice", excerpt(place.text())))
                    .label("this one counts")
                    .related(cx.document.place(first.span()), "this one is silently dropped")
                    .why("PaaSTA keeps the last of two volumes with equal paths")
                    .help("remove one of them")
                    .severity(Severity::Warning),
            );
        }
        return;
    }
    sink.report(
        cx.at(place.span(), format!("two volumes are mounted on `{}`", excerpt(&normal(place.text()))))
            .label("the same place again")
            .related(cx.document.place(before.span()), "mounted here first")
            .why("Docker refuses to start a container with two mounts on one path")
            .help("mount one of them elsewhere in the container"),
    );
}
