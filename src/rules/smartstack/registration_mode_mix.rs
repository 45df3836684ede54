//! One instance, two protocols.

use crate::repo::{NamespaceFact, Needs, PortFact};
use crate::rules::support::registered::split;
use crate::rules::support::words::shown;
use crate::rules::{Check, Rule, Sink, TreeCx};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances that register in namespaces of different modes.
    ///
    /// ## Why it matters
    ///
    /// A task has one port, and all its namespaces lead there. If one of them is http and another
    /// tcp, either the clients of one get something that they do not understand, or the http
    /// service is balanced connection by connection for some clients. Only the first registration
    /// decides about the health check.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   registrations: [example.main, example.raw]
    /// ```
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    /// raw:
    ///   proxy_port: 20029
    ///   mode: tcp
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
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
    /// paasta-tools 0.66.6 `long_running_service_tools:get_healthcheck_for_instance`.
    "registration-mode-mix" in Smartstack,
    // A tcp way to an http service can be meant, for connections that stay open.
    level: Info,
    check: Check::Tree(Needs::NAMESPACES, check),
};

/// Cluster and instance, with the namespace of the first registration if that exists.
type First<'a> = (&'a str, &'a str, Option<(String, &'a NamespaceFact)>);

fn check(cx: &TreeCx<'_>, sink: &mut Sink<'_>) {
    let resolve = |target: &str| {
        let (service, name) = split(target)?;
        Some((target.to_owned(), cx.service(service)?.namespace(name)?))
    };
    for service in cx.selected() {
        let mut first: Option<First<'_>> = None;
        for registration in &service.registrations {
            let (cluster, instance) = (registration.cluster.as_str(), registration.instance.as_str());
            let is_same = first.as_ref().is_some_and(|(c, i, _)| (*c, *i) == (cluster, instance));
            if !is_same {
                first = Some((cluster, instance, resolve(&registration.target)));
                continue;
            }
            let Some((_, _, Some((first_name, first)))) = &first else { continue };
            let Some((name, other)) = resolve(&registration.target) else { continue };
            let (Some(expected), Some(mode)) = (mode(first), mode(other)) else { continue };
            if expected == mode {
                continue;
            }
            let message = format!(
                "`{}` has mode {}, `{}` mode {}",
                shown(&name),
                shown(mode),
                shown(first_name),
                shown(expected)
            );
            sink.report(
                cx.at(service, registration.place.clone(), message)
                    .instance(instance)
                    .cluster(cluster)
                    .label("another mode than the first registration")
                    .related(first.place.clone(), "this namespace decides about the health check")
                    .related(other.place.clone(), "this one is balanced in another way")
                    .why("all namespaces of an instance lead to the same port, which speaks one protocol")
                    .help("register in namespaces of one mode, or run a second instance"),
            );
        }
    }
}

/// The mode of a load-balanced namespace; http by default.
fn mode(namespace: &NamespaceFact) -> Option<&str> {
    match namespace.port {
        PortFact::Number(..) => Some(namespace.mode.as_deref().unwrap_or("http")),
        _ => None,
    }
}
