//! Proxies that are proxied themselves.

use crate::repo::Needs;
use crate::rules::support::registered::split;
use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, Rule, Sink, TreeCx};

pub(crate) static RULE: Rule = rule! {
    /// Finds namespaces that are proxied through one that is proxied itself.
    ///
    /// ## Why it matters
    ///
    /// HAProxy sends a request straight to the backend of the proxy, past the proxy's own
    /// `proxied_through`: the second proxy never sees it, which hardly anybody expects.
    ///
    /// ## Example
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
    ///   proxied_through: rate_limiter.main
    /// ```
    ///
    /// ```yaml rate_limiter/smartstack.yaml
    /// main:
    ///   proxy_port: 20030
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
    /// ## Source
    ///
    /// synapse-tools `configure_synapse`: `use_backend` names the backend, not the port, of the proxy.
    "proxied-through-chain" in Smartstack,
    // A site may know that the second proxy is passed by.
    level: Info,
    strict: Some(crate::rules::Level::Warning),
    blocks: Blocks::Smartstack,
    check: Check::Tree(Needs::NAMESPACES, check),
};

/// A chain of more links is taken for a circle.
const LONGEST: usize = 8;

fn check(cx: &TreeCx<'_>, sink: &mut Sink<'_>) {
    for service in cx.selected() {
        for namespace in &service.namespaces {
            let Some(proxy) = &namespace.proxied_through else { continue };
            let target = |text: &str| {
                let (service, name) = split(text)?;
                cx.service(service)?.namespace(name)
            };
            let Some(first) = target(&proxy.target) else { continue };
            let Some(next) = &first.proxied_through else { continue };
            // A chain that comes back, or ends nowhere, is an error of another rule.
            let mut last = Some(next);
            let mut length = 0;
            while let Some(link) = last.filter(|_| length < LONGEST) {
                length += 1;
                let Some(found) = target(&link.target) else { break };
                last = found.proxied_through.as_ref();
            }
            if last.is_some() {
                continue;
            }
            let message =
                format!("`{}` is proxied itself, through `{}`", shown(&proxy.target), shown(&next.target));
            sink.report(
                cx.at(service, proxy.place.clone(), message)
                    .instance(namespace.name.as_str())
                    .label("goes past the second proxy")
                    .related(next.place.clone(), "these requests do not get there")
                    .why(
                        "requests go straight to the first proxy's tasks, and the second one never sees them",
                    )
                    .help("let the first proxy call the second one, or name only one"),
            );
        }
    }
}
