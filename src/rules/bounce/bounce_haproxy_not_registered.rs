//! A bounce that waits for HAProxy in vain.

use crate::model::kind::FileKind;
use crate::rules::support::registered::{self, Known, Namespaces, marathon_instances};
use crate::rules::support::words::shown;
use crate::rules::{Check, InstanceCx, Located, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds `check_haproxy: true` in instances that no HAProxy knows.
    ///
    /// ## Why it matters
    ///
    /// With `check_haproxy` a new task counts as healthy when the local HAProxy has it. An
    /// instance without a load-balanced SmartStack namespace never appears there: its new tasks
    /// never get healthy, the bounce never ends, and the old version stays.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// worker:
    ///   bounce_health_params: {check_haproxy: true}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// worker:
    ///   bounce_health_params: {check_haproxy: false}
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `bounce_lib:get_happy_tasks`.
    "bounce-haproxy-not-registered" in Bounce,
    level: Error,
    on: On::keys(&["bounce_health_params"]).within(&[FileKind::Marathon]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    for instance in marathon_instances(cx) {
        let Some(asked) = asked(&instance) else { continue };
        judge(&instance, &asked, cx.namespaces(), sink);
    }
}

fn judge(cx: &InstanceCx<'_>, asked: &Located<'_>, namespaces: &Namespaces<'_>, sink: &mut Sink<'_>) {
    let Some(first) = registered::first(cx) else { return };
    // What another service's namespace is like is not known here.
    if first.service != cx.service.name && cx.env.dialect.registration_uses_its_own_service {
        return;
    }
    let mut finding = match namespaces.get(first.namespace) {
        Known::Unknown => return,
        Known::Present(namespace) if registered::has_port(namespace) => return,
        Known::Present(namespace) => {
            let place = namespace.document.place(namespace.entry.key.span());
            cx.at_value(
                asked,
                format!("the namespace `{}` has no port, so no HAProxy has it", shown(first.namespace)),
            )
            .related(place, "this namespace is not load balanced")
        }
        Known::Absent => cx.at_value(
            asked,
            format!("this service has no namespace `{}`, so no HAProxy has it", shown(first.namespace)),
        ),
    };
    if let Some((located, item)) = &first.written {
        finding = finding.related(located.document.place(item.span()), "the instance registers there");
    }
    sink.report(
        finding
            .label("waits for what never comes")
            .why("new tasks never count as healthy, so the bounce never ends")
            .help("remove `check_haproxy`, or register the instance in a namespace with a `proxy_port`"),
    );
}

/// The `check_haproxy: true` that the code reads. What `bounce_method_params` says has no effect in
/// paasta-tools 0.66, and the documentation does not say what happens without SmartStack.
fn asked<'a>(cx: &InstanceCx<'a>) -> Option<Located<'a>> {
    cx.get("bounce_health_params")?;
    let found =
        cx.merged("bounce_health_params").into_iter().find(|e| e.key.as_str() == Some("check_haproxy"))?;
    (found.value.as_bool() == Some(true)).then_some(found)
}
