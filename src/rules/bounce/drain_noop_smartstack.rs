//! Tasks that are killed in the middle of requests.

use crate::model::kind::FileKind;
use crate::rules::support::registered::{LazyNamespaces, Standing, marathon_instances};
use crate::rules::{Check, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds `drain_method: noop` in instances that SmartStack sends requests to.
    ///
    /// ## Why it matters
    ///
    /// In SmartStack old tasks are by default taken out of traffic and killed a minute later. With
    /// noop they are killed while requests are still sent to them: at each bounce some fail.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   drain_method: noop
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
    ///   drain_method: hacheck
    /// ```
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `drain_method`; PaaSTA's promise that bounces lose no requests.
    "drain-noop-smartstack" in Bounce,
    // A service may shut down gracefully by itself.
    level: Info,
    strict: Some(crate::rules::Level::Warning),
    on: On::keys(&["drain_method"]).within(&[FileKind::Marathon]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let namespaces = LazyNamespaces::new(cx);
    for instance in marathon_instances(cx) {
        let Some(method) = instance.own("drain_method") else { continue };
        if method.value.as_str() != Some("noop") {
            continue;
        }
        let Standing::In(namespace) = namespaces.standing(&instance) else { continue };
        sink.report(
            instance
                .at_value(&method, "old tasks are killed while requests are sent to them")
                .label("nothing is drained")
                .related(
                    namespace.document.place(namespace.entry.key.span()),
                    "requests come through this namespace",
                )
                .why("some requests fail at each bounce")
                .help("remove it; in SmartStack the default is `hacheck`"),
        );
    }
}
