//! Instances that register nowhere, beside some that do.

use crate::model::kind::FileKind;
use crate::rules::support::registered::{LazyNamespaces, Standing, has_port, marathon_instances};
use crate::rules::support::words::{list, shown};
use crate::rules::{Check, On, Rule, ServiceCx, Sink, namespaces_of};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances that register in no namespace, in services that have some.
    ///
    /// ## Why it matters
    ///
    /// Without `registrations` an instance registers in the namespace of its own name. A canary or a
    /// second size of `main` that forgets them runs and gets no requests. Workers are meant so, hence
    /// this is advice.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 3
    /// canary:
    ///   instances: 1
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
    ///   instances: 3
    /// canary:
    ///   instances: 1
    ///   registrations: [example.main]
    /// ```
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `registrations`, with the example of a canary.
    "registration-default-missing" in Smartstack,
    level: Info,
    on: On::keys(&["proxy_port"]).within(&[FileKind::Marathon]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let names: Vec<&str> =
        namespaces_of(cx.env, cx.service).filter(has_port).map(|namespace| namespace.name).collect();
    if names.is_empty() {
        return;
    }
    let namespaces = LazyNamespaces::new(cx);
    for instance in marathon_instances(cx) {
        if instance.get("registrations").is_some() || instance.get("nerve_ns").is_some() {
            continue;
        }
        // A health check over the network says that it serves, a command that it does not.
        if instance.set("healthcheck_mode").is_some_and(|mode| mode.value.as_str() == Some("cmd")) {
            continue;
        }
        if !matches!(namespaces.standing(&instance), Standing::Out) {
            continue;
        }
        sink.report(
            instance
                .at_name(format!("`{}` registers in no namespace", shown(instance.instance.name)))
                .label("gets no requests through SmartStack")
                .why("there is no namespace of its name, and it names no other one")
                .help(format!(
                    "if it serves requests, set `registrations`; the service has the namespaces {}",
                    list(names.iter().copied(), 5, " and ")
                ))
                .absent(&["registrations"]),
        );
    }
}
