//! What `proxied_through` names.

use crate::diagnostic::Finding;
use crate::repo::{NamespaceFact, Needs, PortFact, ProxiedThrough, ServiceFacts};
use crate::rules::support::registered::split;
use crate::rules::support::targets::Targets;
use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, Fixable, Rule, Sink, TreeCx};

pub(crate) static RULE: Rule = rule! {
    /// Finds `proxied_through` that names no load-balanced namespace of another service.
    ///
    /// ## Why it matters
    ///
    /// Requests are sent to the backend of the namespace that `proxied_through` names. If there
    /// is no such backend, because of a typo, because the namespace has no port, or because it is
    /// gone, HAProxy refuses its whole configuration: no change of any service reaches any host.
    ///
    /// ## Example
    ///
    /// ```yaml image_resizer/smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   proxied_through: image_cahce.main
    /// ```
    ///
    /// ```yaml image_cache/smartstack.yaml
    /// main:
    ///   proxy_port: 20029
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml image_resizer/smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   proxied_through: image_cache.main
    /// ```
    ///
    /// ```yaml image_cache/smartstack.yaml
    /// main:
    ///   proxy_port: 20029
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Unsafe: what was meant is a guess.
    ///
    /// ## Source
    ///
    /// The documentation of `proxied_through`; synapse-tools `configure_synapse`.
    "proxied-through-target" in Smartstack,
    level: Error,
    blocks: Blocks::Smartstack,
    fix: Fixable::Sometimes,
    check: Check::Tree(Needs::NAMESPACES, check),
};

const WHY: &str = "HAProxy knows no backend of that name and refuses its configuration on every host";

fn check(cx: &TreeCx<'_>, sink: &mut Sink<'_>) {
    let mut targets = Targets::of(cx);
    for service in cx.selected() {
        for namespace in &service.namespaces {
            let Some(proxy) = &namespace.proxied_through else { continue };
            if let Some(finding) = judge(cx, service, namespace, proxy, &mut targets) {
                sink.report(finding.instance(namespace.name.as_str()));
            }
        }
    }
}

fn judge(
    cx: &TreeCx<'_>,
    service: &ServiceFacts,
    namespace: &NamespaceFact,
    proxy: &ProxiedThrough,
    targets: &mut Targets<'_, '_>,
) -> Option<Finding> {
    let at = |message: String| cx.at(service, proxy.place.clone(), message).why(WHY);
    let target = shown(&proxy.target);
    let Some((to_service, to_namespace)) = split(&proxy.target) else {
        let finding = at(format!("`{target}` is not of the form `service.namespace`"))
            .label("a service, one dot and a namespace are wanted");
        return Some(if service.namespace(&proxy.target).is_some() {
            let meant = shown(&format!("{}.{}", service.name, proxy.target));
            finding.help(format!(
                "write the service, a dot and the namespace; for this service's own: `{meant}`"
            ))
        } else {
            finding.help("write the service, a dot and the namespace, as in `cacheservice.main`")
        });
    };
    if to_service == service.name && to_namespace == namespace.name {
        return Some(
            at("a namespace cannot be proxied through itself".to_owned())
                .label("this is the namespace itself")
                .why("requests would go to where they come from")
                .help("name the namespace of the proxy, or remove the key"),
        );
    }
    let found = match targets.find((to_service, to_namespace), at) {
        Ok(found) => found?,
        Err(finding) => return Some(*finding),
    };
    matches!(found.port, PortFact::Absent | PortFact::Null).then(|| {
        at(format!("`{target}` has no port, so nothing can be proxied through it"))
            .label("not load balanced")
            .related(found.place.clone(), "this namespace has no number as `proxy_port`")
            .help("give that namespace a `proxy_port`, or name another one")
    })
}
