//! Instances that nobody asks how they are.

use crate::model::kind::FileKind;
use crate::rules::support::registered::{LazyNamespaces, Standing, marathon_instances};
use crate::rules::{Check, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds Marathon instances outside SmartStack that have no health check.
    ///
    /// ## Why it matters
    ///
    /// Without a health check Marathon notices only that a task has ended. One that hangs counts as
    /// running, and a bounce takes a new task for good as soon as it has been started.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// worker:
    ///   cmd: python -m worker
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// worker:
    ///   cmd: python -m worker
    ///   healthcheck_mode: cmd
    ///   healthcheck_cmd: test -n "$(find /tmp/alive -mmin -1)"
    /// ```
    ///
    /// ## Source
    ///
    /// The contract for services in PaaSTA's documentation; paasta-tools 0.66.6
    /// `marathon_tools:MarathonServiceConfig.get_healthchecks`.
    "no-healthcheck" in Health,
    // Many workers do well without one.
    level: Info,
    on: On::kinds(&[FileKind::Marathon]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let namespaces = LazyNamespaces::new(cx);
    for instance in marathon_instances(cx) {
        if instance.set("healthcheck_mode").is_some()
            || !matches!(namespaces.standing(&instance), Standing::Out)
        {
            continue;
        }
        sink.report(
            instance
                .at_name("this instance has no health check")
                .label("only the end of a task is noticed")
                .why("a task that hangs counts as running, also during a bounce")
                .help(
                    "set `healthcheck_mode: cmd` with a `healthcheck_cmd`, or `tcp` or `http` if it listens",
                )
                .absent(&["healthcheck_mode"]),
        );
    }
}
