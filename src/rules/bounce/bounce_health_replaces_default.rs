//! Parameters of the bounce that switch the check of HAProxy off.

use crate::model::kind::FileKind;
use crate::rules::support::registered::{LazyNamespaces, Standing, has_port, marathon_instances};
use crate::rules::{Check, On, Rule, ServiceCx, Sink};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds `bounce_health_params` without `check_haproxy`, in instances that are in SmartStack.
    ///
    /// ## Why it matters
    ///
    /// In SmartStack a bounce waits by default until HAProxy knows a new task. Setting
    /// `bounce_health_params` replaces that default as a whole: the bounce then stops old tasks
    /// while requests cannot reach the new ones yet.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   bounce_health_params: {min_task_uptime: 30}
    /// ```
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   bounce_health_params: {min_task_uptime: 30, check_haproxy: true}
    /// ```
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `marathon_tools:MarathonServiceConfig.get_bounce_health_params`.
    "bounce-health-replaces-default" in Bounce,
    level: Warning,
    on: On::keys(&["bounce_health_params"]).within(&[FileKind::Marathon]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let namespaces = LazyNamespaces::new(cx);
    for instance in marathon_instances(cx) {
        let Some(params) = instance.get("bounce_health_params") else { continue };
        if params.value.kind() != Kind::Map {
            continue;
        }
        let known =
            |key: &str| key == "check_haproxy" || crate::suggest::nearest(key, ["check_haproxy"]).is_some();
        if instance.merged("bounce_health_params").iter().any(|entry| entry.key.as_str().is_some_and(known)) {
            continue;
        }
        let Standing::In(namespace) = namespaces.standing(&instance) else { continue };
        if !has_port(namespace) {
            continue;
        }
        sink.report(
            instance
                .at_key(&params, "`bounce_health_params` switches the check of HAProxy off")
                .label("`check_haproxy` is missing")
                .related(
                    namespace.document.place(namespace.entry.key.span()),
                    "requests come through this namespace",
                )
                .why("the bounce stops old tasks while requests cannot reach the new ones yet")
                .help("add `check_haproxy: true`, or `check_haproxy: false` if it is meant so")
                .absent(&["check_haproxy"]),
        );
    }
}
