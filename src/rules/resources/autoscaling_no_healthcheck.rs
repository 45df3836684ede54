//! Autoscaling without a health check.

use crate::model::kind::FileKind;
use crate::rules::support::registered::{self, Known, Namespaces};
use crate::rules::{Check, InstanceCx, On, Rule, ServiceCx, Sink};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds autoscaled instances that nothing checks the health of.
    ///
    /// ## Why it matters
    ///
    /// Without a health check Marathon takes a task for healthy as soon as it starts. The autoscaler then
    /// measures tasks that are still loading, and scales on the load of their start. Workers are often run
    /// without a check, so it is advice and off by default.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   max_instances: 10
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   max_instances: 10
    ///   healthcheck_mode: http
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of autoscaling, which highly recommends a health check.
    "autoscaling-no-healthcheck" in Resources,
    level: Info,
    on: On::keys(&["max_instances"]).within(&[FileKind::Marathon]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let mut namespaces: Option<Namespaces<'_>> = None;
    let is_marathon = |instance: &InstanceCx<'_>| {
        instance.instance.kind == FileKind::Marathon && instance.instance.entry.value.kind() == Kind::Map
    };
    for instance in cx.instances().filter(is_marathon) {
        let Some(max) = instance.set("max_instances").filter(|max| max.value.as_i64().is_some()) else {
            continue;
        };
        // Null is for the schema.
        if instance.get("healthcheck_mode").is_some() {
            continue;
        }
        let Some(first) = registered::first(&instance) else { continue };
        // What other services' namespaces hold is not known here.
        if first.service != cx.service.name && cx.env.dialect.registration_uses_its_own_service {
            continue;
        }
        let namespaces = namespaces.get_or_insert_with(|| Namespaces::of(cx.env, cx.service));
        let is_checked = match namespaces.get(first.namespace) {
            Known::Unknown => true,
            Known::Absent => false,
            Known::Present(namespace) => {
                namespace.get("mode").is_some()
                    || cx.env.dialect.mode_default_without_port
                    || registered::has_port(namespace)
            }
        };
        if !is_checked {
            sink.report(
                instance
                    .at_key(&max, "this instance is autoscaled, and nothing checks its health")
                    .label("turns autoscaling on")
                    .why("tasks count as healthy as soon as they start, so the load of their start is scaled on")
                    .help("add a `healthcheck_mode`, or register the instance in a SmartStack namespace")
                    .absent(&["healthcheck_mode"]),
            );
        }
    }
}
