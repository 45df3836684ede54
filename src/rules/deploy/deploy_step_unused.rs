//! Steps that deploy nothing.

use std::collections::BTreeSet;

use crate::rules::support::deploy_groups::{Group, Known, deploys};
use crate::rules::support::words::shown;
use crate::rules::{Check, InstanceCx, On, Rule, ServiceCx, Sink};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds steps of deploy.yaml that are the deploy group of no instance.
    ///
    /// ## Why it matters
    ///
    /// Such a step marks each version for a deploy group that nobody is in, so it deploys nothing. Most
    /// often its name, or the `deploy_group` of an instance, has a typo, or the instance is gone; what
    /// the step was written for then never gets a new version.
    ///
    /// The rule is silent where not all instances could be read, and while an instance's deploy group
    /// has no step: that is the other half of the same mistake more often than not
    /// (`deploy-group-missing-step`).
    ///
    /// ## Example
    ///
    /// ```yaml deploy.yaml
    /// pipeline:
    ///   - step: itest
    ///   - step: push-to-registry
    ///   - step: norcal-prod.main
    ///   - step: norcal-prod.canary
    /// ```
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 3
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml deploy.yaml
    /// pipeline:
    ///   - step: itest
    ///   - step: push-to-registry
    ///   - step: norcal-prod.main
    /// ```
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 3
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `cli/cmds/check.py:deployments_check`.
    "deploy-step-unused" in Deploy,
    level: Warning,
    on: On::keys(&["pipeline"]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let Known::Present(pipeline) = cx.pipeline() else { return };
    if !cx.service.knows_all_instances() {
        return;
    }
    let of_mapping =
        |(instance, _): &&(InstanceCx<'_>, Group<'_>)| instance.instance.entry.value.kind() == Kind::Map;
    let known = || cx.groups().iter().filter(of_mapping);
    if known().count() < cx.instances().count() {
        return;
    }
    let groups: BTreeSet<&str> = known().map(|(_, group)| &*group.name).collect();
    // A service without any instance has another problem, or is none of PaaSTA's.
    if groups.is_empty() {
        return;
    }
    let steps: BTreeSet<&str> = pipeline.steps.iter().map(|(step, _)| *step).collect();
    if groups.iter().any(|group| !steps.contains(group)) {
        return;
    }
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (step, value) in pipeline.steps.iter().filter(|(step, _)| deploys(step)) {
        // A repeated step is a finding of its own.
        if groups.contains(*step) || !seen.insert(step) {
            continue;
        }
        sink.report(
            cx.at(pipeline.document, value.span(), format!("no instance is in the deploy group `{}`", shown(step)))
                .label("this step deploys nothing")
                .why("it marks versions for nobody; if its name has a typo, what it was meant for never gets a new version")
                .help("remove the step, or put an instance into this deploy group"),
        );
    }
}
