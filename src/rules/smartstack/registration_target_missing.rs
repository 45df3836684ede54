//! Registrations that lead nowhere.

use crate::repo::Needs;
use crate::rules::support::registered::split;
use crate::rules::support::targets::Targets;
use crate::rules::{Check, Fixable, Rule, Sink, TreeCx};

pub(crate) static RULE: Rule = rule! {
    /// Finds `registrations` in services or namespaces that do not exist.
    ///
    /// ## Why it matters
    ///
    /// A namespace that no smartstack.yaml has is silently skipped when tasks register: the
    /// instance runs, and gets no traffic. Its health check and its draining are gone, too.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// canary:
    ///   instances: 1
    ///   registrations: [example.mian]
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
    /// canary:
    ///   instances: 1
    ///   registrations: [example.main]
    /// ```
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Unsafe: what was meant is a guess.
    ///
    /// ## Source
    ///
    /// The documentation of `registrations`; paasta-tools 0.66.6
    /// `marathon_tools:get_marathon_services_running_here_for_nerve`.
    "registration-target-missing" in Smartstack,
    level: Error,
    supersedes: &["registration-foreign"],
    fix: Fixable::Sometimes,
    check: Check::Tree(Needs::NAMESPACES, check),
};

fn check(cx: &TreeCx<'_>, sink: &mut Sink<'_>) {
    let mut targets = Targets::of(cx);
    for service in cx.selected() {
        for registration in &service.registrations {
            // The form is a rule of its own.
            let Some(parts) = split(&registration.target) else { continue };
            let at = |message: String| cx.at(service, registration.place.clone(), message);
            let Err(finding) = targets.find(parts, at) else { continue };
            sink.report(
                finding
                    .instance(registration.instance.as_str())
                    .cluster(registration.cluster.as_str())
                    .why("the instance gets no traffic: a namespace that does not exist is silently skipped"),
            );
        }
    }
}
