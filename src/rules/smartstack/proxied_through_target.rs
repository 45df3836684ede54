//! What `proxied_through` names.

use crate::diagnostic::Finding;
use crate::repo::{NamespaceFact, Needs, PortFact, ProxiedThrough, ServiceFacts};
use crate::rules::support::registered::split;
use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, Fixable, Rule, Sink, TreeCx};
use crate::suggest;

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
    documented: Error, paasta_0_66: Error,
    blocks: Blocks::Smartstack,
    fix: Fixable::Sometimes,
    check: Check::Tree(Needs::NAMESPACES, check),
};

const WHY: &str = "HAProxy knows no backend of that name and refuses its configuration on every host";

/// Searching names for what was meant costs time in the number of services.
const MOST_SUGGESTIONS: usize = 20;

fn check(cx: &TreeCx<'_>, sink: &mut Sink<'_>) {
    let mut suggestions = MOST_SUGGESTIONS;
    for service in cx.selected() {
        for namespace in &service.namespaces {
            let Some(proxy) = &namespace.proxied_through else { continue };
            if let Some(finding) = judge(cx, service, namespace, proxy, &mut suggestions) {
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
    suggestions: &mut usize,
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
    let mut meant = |word: &str, known: &mut dyn Iterator<Item = &str>| {
        *suggestions = suggestions.checked_sub(1)?;
        suggest::nearest(word, known).map(str::to_owned)
    };
    let did_you_mean = |finding: Finding, meant: Option<String>, otherwise: &'static str| match meant {
        Some(meant) => {
            let finding = finding.help(format!("did you mean `{}`?", shown(&meant)));
            crate::rules::support::edits::offer(finding, &target, Some(&meant))
        }
        None => finding.help(otherwise),
    };
    if !cx.has_service(to_service) {
        let meant = meant(to_service, &mut cx.names.iter().map(String::as_str));
        return Some(did_you_mean(
            at(format!("there is no service `{}`", shown(to_service))).label("no such service"),
            meant.map(|name| format!("{name}.{to_namespace}")),
            "name an existing service",
        ));
    }
    let facts = cx.service(to_service).filter(|facts| facts.namespaces_known)?;
    let Some(found) = facts.namespace(to_namespace) else {
        let meant = meant(to_namespace, &mut facts.namespaces.iter().map(|n| n.name.as_str()));
        return Some(did_you_mean(
            at(format!("the service `{}` has no namespace `{}`", shown(to_service), shown(to_namespace)))
                .label("no such namespace"),
            meant.map(|name| format!("{to_service}.{name}")),
            "name a namespace of its smartstack.yaml",
        ));
    };
    matches!(found.port, PortFact::Absent | PortFact::Null).then(|| {
        at(format!("`{target}` has no port, so nothing can be proxied through it"))
            .label("not load balanced")
            .related(found.place.clone(), "this namespace has no number as `proxy_port`")
            .help("give that namespace a `proxy_port`, or name another one")
    })
}
