//! A threshold that nobody compares with.

use crate::model::kind::FileKind;
use crate::rules::support::registered::{self, marathon_instances};
use crate::rules::support::words::shown;
use crate::rules::{Check, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds `replication_threshold` in instances that register in the namespace of another instance.
    ///
    /// ## Why it matters
    ///
    /// Alerts about missing tasks are made per namespace, by the instance that has its name. For a
    /// canary that registers in `main` the threshold of `main` counts, and its own is not looked at.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// canary:
    ///   registrations: [example.main]
    ///   replication_threshold: 80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   replication_threshold: 80
    /// canary:
    ///   registrations: [example.main]
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `check_marathon_services_replication`, which passes over instances whose
    /// first registration is not their own name.
    "replication-threshold-secondary" in Bounce,
    level: Info,
    on: On::keys(&["replication_threshold"]).within(&[FileKind::Marathon]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    for instance in marathon_instances(cx) {
        let Some(threshold) = instance.own("replication_threshold") else { continue };
        let Some(first) = registered::first(&instance) else { continue };
        let Some((located, item)) = &first.written else { continue };
        if first.service == cx.service.name && first.namespace == instance.instance.name {
            continue;
        }
        let name = format!("{}.{}", first.service, first.namespace);
        sink.report(
            instance
                .at_key(&threshold, format!("alerts follow `{}`, not this instance", shown(&name)))
                .label("not looked at")
                .related(located.document.place(item.span()), "the first registration")
                .why("missing tasks of this instance are never an alert by themselves")
                .help("set it in the instance of that name"),
        );
    }
}
