//! Several registrations, of which one counts.

use crate::model::kind::FileKind;
use crate::rules::support::registered::marathon_instances;
use crate::rules::support::words::shown;
use crate::rules::{Check, On, Rule, ServiceCx, Sink};
use crate::yaml::{Kind, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances with more than one registration.
    ///
    /// ## Why it matters
    ///
    /// The tasks get requests through every one of them, but health checks, draining, bounces and
    /// alerts follow the first. Their order is easily changed without a thought of that.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   registrations: [example.main, example.api]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   registrations: [example.main]
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `marathon_tools:MarathonServiceConfig`, which asks for the first
    /// registration wherever it needs one.
    "registration-only-first" in Smartstack,
    level: Info,
    on: On::keys(&["registrations"]).within(&[FileKind::Marathon]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    for instance in marathon_instances(cx) {
        let Some(list) = instance.own("registrations").filter(|list| list.value.kind() == Kind::Seq) else {
            continue;
        };
        let Some(first) = list.value.items().next().and_then(Value::as_str) else { continue };
        if list.value.items().all(|item| item.as_str() == Some(first)) {
            continue;
        }
        sink.report(
            instance
                .at_key(&list, format!("health checks, bounces and alerts follow `{}` only", shown(first)))
                .label("the first of several")
                .why("nobody checks or counts the tasks by the other registrations")
                .help("keep the one first that matters most"),
        );
    }
}
