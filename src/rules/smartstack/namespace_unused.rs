//! Namespaces in which nobody registers.

use std::collections::BTreeSet;

use crate::repo::{Needs, PortFact};
use crate::rules::support::words::shown;
use crate::rules::{Check, Rule, Sink, TreeCx};

pub(crate) static RULE: Rule = rule! {
    /// Finds SmartStack namespaces with a port in which no instance of any service registers.
    ///
    /// ## Why it matters
    ///
    /// Every host listens on the port and answers each request with an error, because there is no
    /// task behind it. Most often an instance was renamed or removed and its namespace was
    /// forgotten, or `registrations` has a typo.
    ///
    /// The rule looks only where it can be sure: the whole tree is checked, and all instances of
    /// the service could be read.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 3
    /// ```
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    /// old_api:
    ///   proxy_port: 20029
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 3
    /// ```
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `registrations`: an instance registers in the namespace of its own
    /// name unless told otherwise.
    "namespace-unused" in Smartstack,
    // A namespace may be kept for a while, or for tasks that something else than PaaSTA runs.
    level: Info,
    check: Check::Tree(Needs::NAMES, check),
};

fn check(cx: &TreeCx<'_>, sink: &mut Sink<'_>) {
    let is_whole_tree =
        cx.services.len() == cx.names.len() && cx.services.iter().all(|service| service.selected);
    if !is_whole_tree {
        return;
    }
    let mut registered: Option<BTreeSet<&str>> = None;
    for service in cx.services.iter().filter(|service| service.uses_known && service.namespaces_known) {
        for namespace in &service.namespaces {
            if namespace.is_used || !matches!(namespace.port, PortFact::Number(..)) {
                continue;
            }
            let registered = registered.get_or_insert_with(|| {
                let all = cx.services.iter().flat_map(|service| &service.registrations);
                all.map(|registration| registration.target.as_str()).collect()
            });
            if registered.contains(format!("{}.{}", service.name, namespace.name).as_str()) {
                continue;
            }
            sink.report(
                cx.at(
                    service,
                    namespace.place.clone(),
                    format!("no instance registers in `{}`", shown(&namespace.name)),
                )
                .instance(namespace.name.as_str())
                .label("nobody is behind this port")
                .why("every host listens on the port and answers with an error")
                .help("remove the namespace, or list it in the `registrations` of an instance"),
            );
        }
    }
}
