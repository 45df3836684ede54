//! Proxies and plain TCP.

use crate::diagnostic::Severity;
use crate::repo::{NamespaceFact, Needs};
use crate::rules::support::registered::split;
use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, Level, Rule, Sink, TreeCx};

pub(crate) static RULE: Rule = rule! {
    /// Finds `proxied_through` where one side speaks plain TCP.
    ///
    /// ## Why it matters
    ///
    /// HAProxy decides by path and headers which requests go through the proxy; in mode tcp it
    /// sees neither, so the proxy's own requests would come back to it. And it refuses a
    /// configuration in which an http namespace sends its requests to a tcp one: no change of
    /// any service reaches any host then.
    ///
    /// ## Example
    ///
    /// ```yaml search/smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   proxied_through: cache.main
    /// ```
    ///
    /// ```yaml cache/smartstack.yaml
    /// main:
    ///   proxy_port: 20029
    ///   mode: tcp
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml search/smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   proxied_through: cache.main
    /// ```
    ///
    /// ```yaml cache/smartstack.yaml
    /// main:
    ///   proxy_port: 20029
    ///   mode: http
    /// ```
    ///
    /// ## Source
    ///
    /// synapse-tools `configure_synapse`; HAProxy: `use_backend` between modes.
    "proxied-through-tcp" in Smartstack,
    level: Error,
    also: &[Level::Warning],
    blocks: Blocks::Smartstack,
    check: Check::Tree(Needs::NAMESPACES, check),
};

fn check(cx: &TreeCx<'_>, sink: &mut Sink<'_>) {
    for service in cx.selected() {
        for namespace in &service.namespaces {
            let Some(proxy) = &namespace.proxied_through else { continue };
            let finding = |message: String| {
                cx.at(service, proxy.place.clone(), message).instance(namespace.name.as_str())
            };
            if is_tcp(namespace) {
                // HAProxy accepts this; it does not do what is wanted.
                sink.report(
                    finding(
                        "only HTTP requests can be proxied, and this namespace has `mode: tcp`".to_owned(),
                    )
                    .label("has no sense in mode tcp")
                    .why("HAProxy cannot tell the proxy's own requests from others, so they come back to it")
                    .help("remove `proxied_through`, or use `mode: http`")
                    .severity(Severity::Warning),
                );
                continue;
            }
            let target = split(&proxy.target).and_then(|(to, name)| cx.service(to)?.namespace(name));
            if let Some(target) = target.filter(|target| is_tcp(target)) {
                sink.report(
                    finding(format!("`{}` speaks plain TCP, this namespace HTTP", shown(&proxy.target)))
                        .label("has `mode: tcp`")
                        .related(target.place.clone(), "`mode: tcp` is set in this namespace")
                        .why("HAProxy refuses a configuration with both, on every host")
                        .help("use a proxy with `mode: http`"),
                );
            }
        }
    }
}

fn is_tcp(namespace: &NamespaceFact) -> bool {
    namespace.mode.as_deref() == Some("tcp")
}
