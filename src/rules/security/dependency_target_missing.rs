//! Dependencies that lead nowhere.

use crate::diagnostic::{Finding, Severity};
use crate::repo::{Dependency, Needs, PortFact};
use crate::rules::support::registered::split;
use crate::rules::support::targets::Targets;
use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, Fixable, Level, Rule, Sink, TreeCx};

pub(crate) static RULE: Rule = rule! {
    /// Finds `smartstack` entries of dependencies.yaml that name no namespace with a port.
    ///
    /// ## Why it matters
    ///
    /// The outbound firewall of an instance lets through the namespaces that its list of dependencies
    /// names, each by its `proxy_port`. Where there is no such service or namespace, or the namespace has
    /// no port, the program that sets up the firewalls of a host fails: not only for this instance, but for
    /// all that run there. Lists that no instance with an `outbound_firewall` refers to do nothing, so
    /// there it is a warning.
    ///
    /// ## Example
    ///
    /// ```yaml web/marathon-norcal-prod.yaml
    /// main:
    ///   security: {outbound_firewall: block}
    ///   dependencies_reference: main
    /// ```
    ///
    /// ```yaml web/dependencies.yaml
    /// main:
    ///   - smartstack: search.mian
    /// ```
    ///
    /// ```yaml search/smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml web/marathon-norcal-prod.yaml
    /// main:
    ///   security: {outbound_firewall: block}
    ///   dependencies_reference: main
    /// ```
    ///
    /// ```yaml web/dependencies.yaml
    /// main:
    ///   - smartstack: search.main
    /// ```
    ///
    /// ```yaml search/smartstack.yaml
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
    /// paasta-tools 0.66.6 `firewall:_smartstack_rules`, which takes the name apart at its first dot and looks
    /// it up without a default; `firewall:general_update` goes through all instances of a host and stops at
    /// the first exception. Of a namespace with `proxy_port: null` the rule names the port `None`, which
    /// iptables refuses.
    "dependency-target-missing" in Security,
    level: Error,
    also: &[Level::Warning],
    blocks: Blocks::Nothing,
    fix: Fixable::Sometimes,
    check: Check::Tree(Needs::NAMESPACES, check),
};

fn check(cx: &TreeCx<'_>, sink: &mut Sink<'_>) {
    let mut targets = Targets::of(cx);
    for service in cx.selected() {
        for dependency in &service.dependencies {
            let at = |message: String| cx.at(service, dependency.place.clone(), message);
            let Some(finding) = judge(&mut targets, dependency, at) else { continue };
            sink.report(match &dependency.firewall_of {
                Some(instance) => finding.why(format!(
                    "`{}` has an outbound firewall, and the program that sets up firewalls fails on this entry, for \
                     everything that runs on the same host",
                    shown(instance)
                )),
                None => finding.severity(Severity::Warning).why(
                    "it does nothing now, and breaks all firewalls of a host when an instance with \
                     `outbound_firewall` refers to this list",
                ),
            });
        }
    }
}

fn judge(
    targets: &mut Targets<'_, '_>,
    dependency: &Dependency,
    at: impl Fn(String) -> Finding,
) -> Option<Finding> {
    let target = shown(&dependency.target);
    let Some(parts) = split(&dependency.target) else {
        let written =
            if dependency.target.is_empty() { "an empty text".to_owned() } else { format!("`{target}`") };
        return Some(
            at(format!("{written} is not of the form `service.namespace`"))
                .label("a service, one dot and a namespace are wanted")
                .help("write the service, one dot and the namespace"),
        );
    };
    let found = match targets.find(parts, &at) {
        Ok(found) => found?,
        Err(finding) => return Some(*finding),
    };
    matches!(found.port, PortFact::Absent | PortFact::Null).then(|| {
        at(format!("`{target}` has no port that the firewall could open"))
            .label("not load balanced")
            .related(found.place.clone(), "this namespace has no number as `proxy_port`")
            .help("give that namespace a `proxy_port`, or remove the entry")
    })
}
