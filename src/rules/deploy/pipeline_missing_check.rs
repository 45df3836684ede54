//! Pipelines without checks.

use crate::rules::support::deploy_groups::Known;
use crate::rules::{Blocks, Check, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds pipelines without a `security-check` or a `performance-check`.
    ///
    /// ## Why it matters
    ///
    /// `paasta check` asks for both. They run before anything is deployed. It is advice and off by
    /// default.
    ///
    /// ## Example
    ///
    /// ```yaml deploy.yaml
    /// pipeline:
    ///   - step: itest
    ///   - step: push-to-registry
    ///   - step: prod.main
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml deploy.yaml
    /// pipeline:
    ///   - step: itest
    ///   - step: security-check
    ///   - step: push-to-registry
    ///   - step: performance-check
    ///   - step: prod.main
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `cli/cmds/check.py`.
    "pipeline-missing-check" in Deploy,
    level: Info,
    blocks: Blocks::Nothing,
    on: On::keys(&["pipeline"]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let Known::Present(pipeline) = cx.pipeline() else { return };
    let Some((_, first)) = pipeline.steps.first().filter(|_| pipeline.is_complete) else { return };
    for wanted in ["security-check", "performance-check"] {
        if pipeline.steps.iter().all(|(step, _)| *step != wanted) {
            sink.report(
                cx.at(pipeline.document, first.span(), format!("the pipeline has no `{wanted}`"))
                    .label("the pipeline begins here")
                    .why("`paasta check` asks for it")
                    .help(format!("add a step `{wanted}` before the first deploy group"))
                    .identity(wanted),
            );
        }
    }
}
