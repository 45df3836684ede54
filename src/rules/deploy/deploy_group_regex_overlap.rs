//! Deploy groups that find each other's tags.

use crate::rules::support::deploy_groups::{Known, deploys};
use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, On, Rule, ServiceCx, Sink};
use crate::yaml::Value;

pub(crate) static RULE: Rule = rule! {
    /// Finds deploy groups whose name, read as a regular expression, is another deploy group of the
    /// service, too.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA looks for the newest tag of a deploy group with its name as a regular expression, in
    /// which a dot is any character. `prod.main` finds the tags of `prod-main` as well, and whichever
    /// is newer is deployed to both.
    ///
    /// ## Example
    ///
    /// ```yaml deploy.yaml
    /// pipeline:
    ///   - step: itest
    ///   - step: push-to-registry
    ///   - step: prod.main
    ///   - step: prod-main
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml deploy.yaml
    /// pipeline:
    ///   - step: itest
    ///   - step: push-to-registry
    ///   - step: prod.main
    ///   - step: prod.other
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `generate_deployments_for_service:get_latest_deployment_tag`.
    "deploy-group-regex-overlap" in Deploy,
    level: Warning,
    blocks: Blocks::Nothing,
    on: On::keys(&["pipeline"]),
    check: Check::Service(check),
};

/// Pairs are compared; a pipeline has a dozen steps.
const MOST: usize = 200;

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let Known::Present(pipeline) = cx.pipeline() else { return };
    let steps: Vec<(&str, Value<'_>)> =
        pipeline.steps.iter().copied().filter(|(step, _)| deploys(step)).take(MOST).collect();
    for (step, value) in steps.iter().filter(|(step, _)| step.contains('.')) {
        let Some((other, at)) = steps.iter().find(|(other, _)| other != step && finds(step, other)) else {
            continue;
        };
        sink.report(
            cx.at(
                pipeline.document,
                value.span(),
                format!("the deploy group `{}` also finds the tags of `{}`", shown(step), shown(other)),
            )
            .label("a dot is any character here")
            .related(pipeline.document.place(at.span()), "the other deploy group")
            .why("the newer version of both is deployed to this deploy group, whichever it was meant for")
            .help("give one of them a name that differs in more than a dot"),
        );
    }
}

/// Whether `pattern`, in which a dot is any character, is `name`.
fn finds(pattern: &str, name: &str) -> bool {
    pattern.len() == name.len() && pattern.bytes().zip(name.bytes()).all(|(p, n)| p == b'.' || p == n)
}
