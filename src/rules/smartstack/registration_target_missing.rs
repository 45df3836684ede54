//! Registrations that lead nowhere.

use crate::diagnostic::Finding;
use crate::repo::{Needs, Registration, ServiceFacts};
use crate::rules::support::registered::split;
use crate::rules::support::words::shown;
use crate::rules::{Check, Fixable, Rule, Sink, TreeCx};
use crate::suggest;

pub(crate) static RULE: Rule = rule! {
    /// Finds `registrations` in services or namespaces that do not exist.
    ///
    /// ## Why it matters
    ///
    /// A namespace that no smartstack.yaml has is skipped without a word when tasks register: the
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
    documented: Error, paasta_0_66: Error,
    supersedes: &["registration-foreign"],
    fix: Fixable::Sometimes,
    check: Check::Tree(Needs::NAMESPACES, check),
};

/// Searching names for what was meant costs time in the number of services.
const MOST_SUGGESTIONS: usize = 20;

fn check(cx: &TreeCx<'_>, sink: &mut Sink<'_>) {
    let mut suggestions = MOST_SUGGESTIONS;
    for service in cx.selected() {
        for registration in &service.registrations {
            if let Some(finding) = judge(cx, service, registration, &mut suggestions) {
                sink.report(
                    finding
                        .instance(registration.instance.as_str())
                        .cluster(registration.cluster.as_str())
                        .why("the instance gets no traffic: a namespace that does not exist is skipped without a word"),
                );
            }
        }
    }
}

fn judge(
    cx: &TreeCx<'_>,
    service: &ServiceFacts,
    registration: &Registration,
    suggestions: &mut usize,
) -> Option<Finding> {
    // The form is a rule of its own.
    let (to_service, to_namespace) = split(&registration.target)?;
    let at = |message: String| cx.at(service, registration.place.clone(), message);
    if !cx.has_service(to_service) {
        let finding = at(format!("there is no service `{}`", shown(to_service))).label("no such service");
        *suggestions = suggestions.saturating_sub(1);
        let names = cx.names.iter().map(String::as_str).take_while(|_| *suggestions > 0);
        return Some(match suggest::nearest(to_service, names) {
            Some(meant) => meaning(finding, registration, &format!("{meant}.{to_namespace}")),
            None => finding.help("name a service of this tree"),
        });
    }
    let facts = cx.service(to_service).filter(|facts| facts.namespaces_known)?;
    if facts.namespace(to_namespace).is_some() {
        return None;
    }
    let finding =
        at(format!("the service `{}` has no namespace `{}`", shown(to_service), shown(to_namespace)));
    if facts.namespaces.is_empty() {
        return Some(finding.label("no namespace at all").help(format!(
            "add `{}` to the smartstack.yaml of `{}`",
            shown(to_namespace),
            shown(to_service)
        )));
    }
    *suggestions = suggestions.saturating_sub(1);
    let names =
        facts.namespaces.iter().map(|namespace| namespace.name.as_str()).take_while(|_| *suggestions > 0);
    let finding = finding.label("no such namespace");
    Some(match suggest::nearest(to_namespace, names) {
        Some(meant) => meaning(finding, registration, &format!("{to_service}.{meant}")),
        None => finding
            .help(format!("name a namespace of its smartstack.yaml, or add `{}` there", shown(to_namespace))),
    })
}

/// The finding with what was probably meant.
fn meaning(finding: Finding, registration: &Registration, meant: &str) -> Finding {
    let finding = finding.help(format!("did you mean `{}`?", shown(meant)));
    crate::rules::support::edits::offer(finding, &registration.target, Some(meant))
}
