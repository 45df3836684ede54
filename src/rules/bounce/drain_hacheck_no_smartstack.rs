//! Draining of tasks that get no requests.

use crate::model::kind::FileKind;
use crate::rules::support::registered::{LazyNamespaces, Standing, marathon_instances};
use crate::rules::{Check, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds `drain_method: hacheck` in instances that are not in SmartStack.
    ///
    /// ## Why it matters
    ///
    /// hacheck takes a task out of traffic by telling SmartStack that it is down. Where no traffic
    /// comes through SmartStack, that changes nothing: the bounce only waits for the delay.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// worker:
    ///   drain_method: hacheck
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// worker:
    ///   drain_method: noop
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `drain_method`: "Defaults to noop for instances that are not in
    /// Smartstack, or hacheck if they are".
    "drain-hacheck-no-smartstack" in Bounce,
    // Harmless but for the wait.
    level: Info,
    strict: Some(crate::rules::Level::Warning),
    on: On::keys(&["drain_method"]).within(&[FileKind::Marathon]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let namespaces = LazyNamespaces::new(cx);
    for instance in marathon_instances(cx) {
        // A default of service.yaml is meant for the instances that are in SmartStack.
        let Some(method) = instance.own("drain_method") else { continue };
        if method.value.as_str() != Some("hacheck") {
            continue;
        }
        let message = match namespaces.standing(&instance) {
            Standing::Out => "no requests reach this instance through SmartStack",
            Standing::WithoutPort => "the namespace of this instance has no port",
            Standing::In(_) | Standing::Unknown => continue,
        };
        sink.report(
            instance
                .at_value(&method, message)
                .label("there is nothing to drain")
                .why("the bounce waits for the delay, and nothing else changes")
                .help("remove it; outside SmartStack the default is `noop`"),
        );
    }
}
