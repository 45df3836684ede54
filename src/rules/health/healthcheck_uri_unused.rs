//! A path that no health check asks for.

use crate::rules::support::registered::marathon_instances;
use crate::rules::{Check, InstanceCx, NamespaceCx, On, Rule, ServiceCx, Sink, namespaces_of};

pub(crate) static RULE: Rule = rule! {
    /// Finds `healthcheck_uri` where the health check asks for no path: in mode tcp or cmd.
    ///
    /// ## Why it matters
    ///
    /// In mode tcp a task is healthy as soon as its port is open, in mode cmd when the command says
    /// so. The path is then ignored, and a task that would answer it with an error gets traffic.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   mode: tcp
    ///   healthcheck_uri: /ping
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   mode: tcp
    ///   healthcheck_mode: http
    ///   healthcheck_uri: /ping
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `healthcheck_uri` in smartstack.yaml: "ignored if healthcheck_mode is
    /// tcp"; paasta-tools 0.66.6 `marathon_tools:MarathonServiceConfig.get_healthchecks`.
    "healthcheck-uri-unused" in Health,
    level: Warning,
    on: On::keys(&["healthcheck_uri"]),
    check: Check::Service(check),
};

const HELP: &str = "remove the path, or set `healthcheck_mode: http`";

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    for namespace in namespaces_of(cx.env, cx.service) {
        in_namespace(&namespace, sink);
    }
    for instance in marathon_instances(cx) {
        in_instance(&instance, sink);
    }
}

fn in_namespace(cx: &NamespaceCx<'_>, sink: &mut Sink<'_>) {
    let Some(uri) = cx.set("healthcheck_uri").filter(|uri| uri.value.as_str().is_some()) else { return };
    // Mode http needs the path for Marathon's check, whatever nerve does.
    let Some(mode) = cx.set("mode").filter(|mode| mode.value.as_str() == Some("tcp")) else { return };
    let own = cx.set("healthcheck_mode");
    if own.as_ref().is_some_and(|own| own.value.as_str() != Some("tcp")) {
        return;
    }
    let decides = own.unwrap_or(mode);
    sink.report(
        cx.at(uri.key.span(), "health checks in mode tcp ask for no path")
            .label("ignored")
            .related(decides.value_place(), "the mode is set here")
            .why("a task counts as healthy as soon as its port is open, whatever it would answer")
            .help(HELP),
    );
}

fn in_instance(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let Some(uri) = cx.own("healthcheck_uri").filter(|uri| uri.value.as_str().is_some()) else { return };
    let Some(mode) = cx.set("healthcheck_mode") else { return };
    let Some(name @ ("tcp" | "cmd")) = mode.value.as_str() else { return };
    sink.report(
        cx.at_key(&uri, format!("health checks in mode {name} ask for no path"))
            .label("ignored")
            .related(mode.value_place(), "the mode is set here")
            .why("Marathon checks in another way, whatever the task would answer")
            .help(HELP),
    );
}
