//! A service without a pipeline.

use crate::model::kind::FileKind;
use crate::rules::support::deploy_groups::Known;
use crate::rules::{Check, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds services that have instances, but no deploy.yaml.
    ///
    /// ## Why it matters
    ///
    /// deploy.yaml lists the steps that build, test and deploy the service. Without it there is no
    /// pipeline, so nothing ever marks a version of the service for deployment.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 3
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 3
    /// ```
    ///
    /// ```yaml deploy.yaml
    /// pipeline:
    ///   - step: itest
    ///   - step: push-to-registry
    ///   - step: norcal-prod.main
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `cli/cmds/check.py:deploy_check`.
    "missing-deploy-yaml" in Deploy,
    level: Warning,
    on: On::kinds(&FileKind::WITH_INSTANCES),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let is_absent = matches!(cx.pipeline(), Known::Absent);
    // Under a wrong name it has another finding.
    if !is_absent || cx.service.has_entry("deploy.yaml") || cx.service.has_entry("deploy.yml") {
        return;
    }
    if cx.instances().next().is_none() {
        return;
    }
    sink.report(
        cx.at_place(cx.service.place(), "this service has instances, but no deploy.yaml")
            .label("no pipeline")
            .why("nothing builds the service and marks versions of it for deployment")
            .help("add deploy.yaml with a `pipeline` of steps, from `itest` to the deploy groups"),
    );
}
