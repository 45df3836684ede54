//! Bounces during which nobody answers.

use crate::model::kind::FileKind;
use crate::rules::support::registered::{LazyNamespaces, Standing, marathon_instances};
use crate::rules::{Check, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds bounce methods that stop old tasks first, in instances that SmartStack sends requests to.
    ///
    /// ## Why it matters
    ///
    /// `downthenup` and `brutal` stop the old tasks without waiting for new ones. Until those are
    /// healthy, every request fails: at each deployment, and at each change of the configuration.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   bounce_method: downthenup
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
    ///   bounce_method: crossover
    /// ```
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    /// ```
    ///
    /// ## Source
    ///
    /// PaaSTA's documentation of bouncing; paasta-tools 0.66.6 `bounce_lib`.
    "bounce-unsafe-prod" in Bounce,
    // Some services cannot bear two versions at the same time.
    level: Info,
    on: On::keys(&["bounce_method"]).within(&[FileKind::Marathon]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let namespaces = LazyNamespaces::new(cx);
    for instance in marathon_instances(cx) {
        let Some(method) = instance.set("bounce_method") else { continue };
        let Some(name @ ("brutal" | "downthenup")) = method.value.as_str() else { continue };
        let Standing::In(namespace) = namespaces.standing(&instance) else { continue };
        sink.report(
            instance
                .at_value(&method, format!("`{name}` stops the old tasks before the new ones are healthy"))
                .label("an outage at each bounce")
                .related(
                    namespace.document.place(namespace.entry.key.span()),
                    "requests come through this namespace",
                )
                .why("until a new task is healthy, every request fails")
                .help("use `crossover`, which keeps enough tasks all the time"),
        );
    }
}
