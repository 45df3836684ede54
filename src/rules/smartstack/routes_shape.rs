//! The form of `routes`.

use crate::rules::{Check, Located, NamespaceCx, Rule, Sink, Slot};
use crate::yaml::{Kind, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds `routes` that PaaSTA cannot read.
    ///
    /// ## Why it matters
    ///
    /// `routes` is what `extra_advertise` was before. PaaSTA still takes it apart whenever it reads
    /// the namespace, and fails if an entry lacks its `source` or its `destinations`: no task that
    /// is registered in the namespace can be deployed any more.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   routes:
    ///     - source: norcal-prod
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   extra_advertise:
    ///     region:norcal-prod: ["region:sfo1-prod"]
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `long_running_service_tools:load_service_namespace_config`.
    "routes-shape" in Smartstack,
    level: Error,
    check: Check::NamespaceEntry(Slot::known("routes"), check),
};

fn check(cx: &NamespaceCx<'_>, routes: &Located<'_>, sink: &mut Sink<'_>) {
    // Nothing is in it for Python to go through.
    let is_empty = match routes.value.kind() {
        Kind::Str => routes.value.text().is_empty(),
        Kind::Map => routes.value.is_empty(),
        _ => false,
    };
    if is_empty {
        return;
    }
    let mut report = |value: Value<'_>, message: &str, label: &str| {
        sink.report(
            cx.at(value.span(), message)
                .label(label)
                .why("PaaSTA fails on it, and no instance that is registered in this namespace can be deployed")
                .help("remove `routes`; `extra_advertise` has replaced it"),
        );
    };
    if routes.value.kind() != Kind::Seq {
        return report(routes.value, "`routes` must be a list", "this is no list");
    }
    for route in routes.value.items() {
        if route.kind() != Kind::Map {
            report(
                route,
                "each entry of `routes` must be a mapping",
                "`source` and `destinations` are wanted",
            );
            continue;
        }
        if route.get("source").is_none() {
            report(route, "this entry of `routes` has no `source`", "`source` is missing");
        }
        match route.get("destinations").map(|value| (value, value.kind())) {
            None => {
                report(route, "this entry of `routes` has no `destinations`", "`destinations` is missing");
            }
            // A text is taken letter by letter: nonsense, but nothing fails.
            Some((_, Kind::Seq | Kind::Set | Kind::Map | Kind::Str)) => {}
            Some((value, _)) => {
                report(value, "the `destinations` of an entry of `routes` must be a list", "this is no list");
            }
        }
    }
}
