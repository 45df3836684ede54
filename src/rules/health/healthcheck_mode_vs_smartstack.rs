//! Two health checks that do not speak alike.

use crate::model::kind::FileKind;
use crate::rules::support::registered::{self, First, Known, Namespaces, marathon_instances};
use crate::rules::support::words::shown;
use crate::rules::{Check, InstanceCx, Located, NamespaceCx, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances whose `healthcheck_mode` differs from the mode of their SmartStack namespace.
    ///
    /// ## Why it matters
    ///
    /// Marathon's check decides whether a task is restarted, SmartStack's whether it gets traffic.
    /// If one asks over HTTP and the other only opens a connection, a task can be alive for the
    /// one and dead for the other: tasks without traffic stay, or working ones are restarted.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   healthcheck_mode: tcp
    /// ```
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   mode: http
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   healthcheck_mode: http
    /// ```
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   mode: http
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `healthcheck_mode`: with SmartStack, "this must match the value of
    /// the mode key".
    "healthcheck-mode-vs-smartstack" in Health,
    level: Warning,
    on: On::keys(&["healthcheck_mode"]).within(&[FileKind::Marathon]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    for instance in marathon_instances(cx) {
        let Some(own) = own_mode(&instance) else { continue };
        judge(&instance, &own, cx.namespaces(), sink);
    }
}

/// The mode of the instance's own check, if the namespace has a word in it.
fn own_mode<'a>(cx: &InstanceCx<'a>) -> Option<Located<'a>> {
    cx.set("healthcheck_mode").filter(|mode| matches!(mode.value.as_str(), Some("http" | "tcp")))
}

fn judge(cx: &InstanceCx<'_>, own: &Located<'_>, namespaces: &Namespaces<'_>, sink: &mut Sink<'_>) {
    let own_mode = own.value.as_str().unwrap_or_default();
    let Some(first) = registered::first(cx).filter(|first| is_told_by_own_service(cx, first)) else { return };
    let Known::Present(namespace) = namespaces.get(first.namespace) else { return };
    let Some(mode) = mode(cx, namespace).filter(|mode| *mode != own_mode) else { return };
    let place = match namespace.set("mode") {
        Some(located) => located.value_place(),
        None => namespace.document.place(namespace.entry.key.span()),
    };
    sink.report(
        cx.at_value(
            own,
            format!("the namespace `{}` is {mode}, this check is {own_mode}", shown(namespace.name)),
        )
        .label(format!("`{mode}` is wanted, or nothing"))
        .related(place, format!("the namespace has mode {mode}"))
        .why("Marathon and SmartStack disagree about which tasks are healthy")
        .help(format!("remove `healthcheck_mode` to follow the namespace, or write `{mode}`")),
    );
}

/// Whether the namespace of the own service counts (dialects.md row 25).
fn is_told_by_own_service(cx: &InstanceCx<'_>, first: &First<'_>) -> bool {
    first.service == cx.service.name || !cx.env.dialect.registration_uses_its_own_service
}

/// The mode of a namespace that tasks register in.
fn mode<'a>(cx: &InstanceCx<'_>, namespace: &NamespaceCx<'a>) -> Option<&'a str> {
    match namespace.get("mode") {
        // Null and what is no mode have findings of their own.
        Some(located) => located.value.as_str().filter(|mode| matches!(*mode, "http" | "tcp")),
        None if registered::may_misspell(namespace.entry.value, "mode") => None,
        None => {
            (cx.env.dialect.mode_default_without_port || registered::has_port(namespace)).then_some("http")
        }
    }
}
