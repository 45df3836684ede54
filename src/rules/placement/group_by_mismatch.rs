//! Spreading over something else than clients look by.

use crate::model::kind::FileKind;
use crate::rules::support::constraints;
use crate::rules::support::locations::rank;
use crate::rules::support::registered::{LazyNamespaces, Standing, marathon_instances};
use crate::rules::support::words::shown;
use crate::rules::{Check, InstanceCx, NamespaceCx, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds explicit `constraints` that spread tasks over wider locations than those that clients
    /// look by.
    ///
    /// ## Why it matters
    ///
    /// Clients find only tasks of their own location of type `discover`. If tasks are spread over a
    /// wider type, several locations of the narrower one may have none, and clients there get
    /// errors. PaaSTA's own constraints spread by `discover`; explicit ones replace them.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   constraints: [[superregion, GROUP_BY], [pool, LIKE, default]]
    /// ```
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   discover: region
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   constraints: [[region, GROUP_BY], [pool, LIKE, default]]
    /// ```
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   discover: region
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of moving a service to a different location type, step 1b, and of
    /// `constraints`.
    "group-by-mismatch" in Placement,
    level: Warning,
    on: On::keys(&["constraints"]).within(&[FileKind::Marathon]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let namespaces = LazyNamespaces::new(cx);
    for instance in marathon_instances(cx) {
        if instance.set("constraints").is_none() {
            continue;
        }
        let Standing::In(namespace) = namespaces.standing(&instance) else { continue };
        judge(&instance, namespace, sink);
    }
}

fn judge(cx: &InstanceCx<'_>, namespace: &NamespaceCx<'_>, sink: &mut Sink<'_>) {
    let discover = namespace.get("discover");
    let wanted = match &discover {
        Some(located) => located.value.as_str(),
        None => Some("region"),
    };
    let Some((wanted, wanted_rank)) = wanted.and_then(|wanted| Some((wanted, rank(cx.env, wanted)?))) else {
        return;
    };
    for list in constraints::lists(cx).filter(|list| list.is_explicit) {
        let mut wider = None;
        for constraint in list.constraints().filter(|constraint| constraint.operator == Some("GROUP_BY")) {
            let Some(field) = constraint.item.items().next() else { continue };
            let Some(own) = field.as_str().and_then(|kind| rank(cx.env, kind)) else { continue };
            if own >= wanted_rank {
                return;
            }
            wider = Some(field);
        }
        let Some(field) = wider else { continue };
        let name = shown(field.as_str().unwrap_or_default());
        let place = match &discover {
            Some(located) => located.value_place(),
            None => namespace.document.place(namespace.entry.key.span()),
        };
        sink.report(
            cx.at_part(
                &list.located,
                field,
                format!("tasks are spread by `{name}`, but clients look by `{}`", shown(wanted)),
            )
            .label("wider than clients look")
            .related(place, format!("clients look by `{}`", shown(wanted)))
            .why("some locations may have no task, and clients there get errors")
            .help(format!("spread by `{}`, as PaaSTA does without `constraints`", shown(wanted))),
        );
    }
}
