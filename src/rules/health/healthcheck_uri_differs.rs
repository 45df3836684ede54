//! Two health checks that ask for different paths.

use crate::model::kind::FileKind;
use crate::rules::support::registered::{LazyNamespaces, Standing, marathon_instances};
use crate::rules::support::words::shown;
use crate::rules::{Check, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances whose `healthcheck_uri` is not that of their SmartStack namespace.
    ///
    /// ## Why it matters
    ///
    /// Marathon's check decides whether a task is restarted, SmartStack's whether it gets traffic.
    /// With different paths a task can be alive for the one and dead for the other. That may be
    /// meant: a cheap path for Marathon, and one that looks at dependencies for SmartStack.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   healthcheck_uri: /ping
    /// ```
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   healthcheck_uri: /status
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 3
    /// ```
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   healthcheck_uri: /ping
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `marathon_tools:MarathonServiceConfig.get_healthcheck_uri`; the
    /// documentation of `healthcheck_uri` in smartstack.yaml, `/status` by default.
    "healthcheck-uri-differs" in Health,
    level: Info,
    on: On::keys(&["healthcheck_uri"]).within(&[FileKind::Marathon]),
    check: Check::Service(check),
};

/// What SmartStack asks for unless told otherwise.
const DEFAULT: &str = "/status";

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let namespaces = LazyNamespaces::new(cx);
    for instance in marathon_instances(cx) {
        let Some(own) = instance.set("healthcheck_uri") else { continue };
        let Some(path) = own.value.as_str() else { continue };
        // A mode of its own says how it is checked, and has rules of its own.
        if instance.set("healthcheck_mode").is_some_and(|mode| mode.value.as_str() != Some("http")) {
            continue;
        }
        let Standing::In(namespace) = namespaces.standing(&instance) else { continue };
        let is_http = |key| namespace.set(key).is_none_or(|mode| mode.value.as_str() == Some("http"));
        if !is_http("mode") || !is_http("healthcheck_mode") {
            continue;
        }
        let wanted = namespace.set("healthcheck_uri");
        let other = match &wanted {
            Some(located) => located.value.as_str(),
            None => Some(DEFAULT),
        };
        let bare = |path: &'_ str| path.trim_start_matches('/').to_owned();
        let Some(other) = other.filter(|other| bare(other) != bare(path)) else { continue };
        let place = match &wanted {
            Some(located) => located.value_place(),
            None => namespace.document.place(namespace.entry.key.span()),
        };
        sink.report(
            instance
                .at_value(
                    &own,
                    format!("Marathon asks for `{}`, SmartStack for `{}`", shown(path), shown(other)),
                )
                .label("not the path of the namespace")
                .related(place, format!("SmartStack asks for `{}`", shown(other)))
                .why("a task can get traffic that Marathon takes for dead, and the other way round")
                .help("remove the path here, and set the one that counts in smartstack.yaml"),
        );
    }
}
