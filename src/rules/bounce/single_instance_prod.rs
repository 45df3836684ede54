//! Services with a single task.

use crate::model::kind::FileKind;
use crate::rules::support::registered::{LazyNamespaces, Standing, marathon_instances};
use crate::rules::{Check, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances with a single task that SmartStack sends requests to.
    ///
    /// ## Why it matters
    ///
    /// When the host of the only task goes away, every request fails until another task has been
    /// started and is healthy. In test clusters that is fine, so this is advice.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
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
    ///   instances: 2
    /// ```
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `instances`, 1 by default, and of `registrations`.
    "single-instance-prod" in Bounce,
    level: Info,
    on: On::kinds(&[FileKind::Marathon]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let namespaces = LazyNamespaces::new(cx);
    for instance in marathon_instances(cx) {
        let count = instance.set("max_instances").or_else(|| instance.set("instances"));
        if count.as_ref().is_some_and(|count| count.value.as_i64() != Some(1)) {
            continue;
        }
        // Several registrations, or canaries of another instance, share their namespace with others.
        if instance.get("registrations").is_some() || instance.get("nerve_ns").is_some() {
            continue;
        }
        let Standing::In(_) = namespaces.standing(&instance) else { continue };
        let finding = match &count {
            Some(count) => instance.at_value(count, "all requests go to a single task"),
            None => {
                instance.at_name("all requests go to a single task").absent(&["instances", "max_instances"])
            }
        };
        sink.report(
            finding
                .label("no other task steps in")
                .why("while the host of the task is down, or during its restart, every request fails")
                .help("run two tasks or more"),
        );
    }
}
