//! Braces in a step.

use std::collections::BTreeSet;

use crate::rules::support::deploy_groups::{Known, deploys};
use crate::rules::support::format_string;
use crate::rules::support::words::{list, shown};
use crate::rules::{Blocks, Check, InstanceCx, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds steps of deploy.yaml with a placeholder such as `{cluster}`.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA fills in placeholders in the `deploy_group` of an instance only. A step is taken as it is
    /// written, so it deploys a group called `{cluster}.main`, in which nothing is, and the instances
    /// are never deployed.
    ///
    /// ## Example
    ///
    /// ```yaml deploy.yaml
    /// pipeline:
    ///   - step: itest
    ///   - step: push-to-registry
    ///   - step: "{cluster}.main"
    /// ```
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   deploy_group: "{cluster}.main"
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
    ///   deploy_group: "{cluster}.main"
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `utils:InstanceConfig.get_deploy_group`, which alone interpolates.
    "deploy-group-interpolation-step" in Deploy,
    level: Error,
    blocks: Blocks::JenkinsAndSensu,
    supersedes: &["deploy-group-chars", "deploy-step-unused", "pipeline-order"],
    on: On::keys(&["pipeline"]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let Known::Present(pipeline) = cx.pipeline() else { return };
    let is_template = |step: &str| deploys(step) && has_field(step);
    if !pipeline.steps.iter().any(|(step, _)| is_template(step)) {
        return;
    }
    let instances: Vec<InstanceCx<'_>> = cx.instances().take(MOST_INSTANCES).collect();
    for (step, value) in pipeline.steps.iter().filter(|(step, _)| is_template(step)).take(MOST) {
        let groups: BTreeSet<String> =
            instances.iter().filter_map(|instance| interpolated(instance, step)).collect();
        let help = if groups.is_empty() {
            "write the name of a deploy group, one step for each".to_owned()
        } else {
            let names: Vec<&str> = groups.iter().map(String::as_str).collect();
            format!("write one step for each deploy group: {}", list(names.into_iter(), MOST_NAMES, " and "))
        };
        sink.report(
            cx.at(pipeline.document, value.span(), format!("the step `{}` is taken as it is written", shown(step)))
                .label("nothing is filled in here")
                .why("placeholders count in `deploy_group` only, so no instance is in the deploy group of this name")
                .help(help),
        );
    }
}

/// The step with its placeholders filled in as in the `deploy_group` of the instance.
pub(super) fn interpolated(cx: &InstanceCx<'_>, step: &str) -> Option<String> {
    format_string::expand(step, |name| match name {
        "cluster" => Some(cx.instance.cluster.to_owned()),
        "instance" => Some(cx.instance.name.to_owned()),
        "service" => Some(cx.service.name.clone()),
        _ => None,
    })
}

/// Whether the text has a placeholder.
pub(super) fn has_field(step: &str) -> bool {
    step.find('{').is_some_and(|open| step.get(open..).is_some_and(|rest| rest.contains('}')))
}

/// So many steps are pointed at.
const MOST: usize = 20;

/// So many instances are looked at for names.
const MOST_INSTANCES: usize = 200;

/// So many names are given as examples.
const MOST_NAMES: usize = 3;
