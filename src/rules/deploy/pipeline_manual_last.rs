//! A button after the last step.

use crate::rules::support::deploy_groups::{Known, Pipeline};
use crate::rules::{Blocks, Check, Fixable, On, Rule, ServiceCx, Sink};
use crate::yaml::{Kind, Value, edit};

pub(crate) static RULE: Rule = rule! {
    /// Finds `trigger_next_step_manually` on the last step of a pipeline.
    ///
    /// ## Why it matters
    ///
    /// There is no next step to trigger. Perhaps a step is missing after it, or the key belongs to the
    /// step before. It is advice and off by default.
    ///
    /// ## Example
    ///
    /// ```yaml deploy.yaml
    /// pipeline:
    ///   - step: itest
    ///   - step: push-to-registry
    ///   - step: dev.main
    ///   - step: prod.main
    ///     trigger_next_step_manually: true
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml deploy.yaml
    /// pipeline:
    ///   - step: itest
    ///   - step: push-to-registry
    ///   - step: dev.main
    ///     trigger_next_step_manually: true
    ///   - step: prod.main
    /// ```
    ///
    /// ## Fix safety
    ///
    /// The key has no effect there.
    ///
    /// ## Source
    ///
    /// The configuration reference on deploy.yaml.
    "pipeline-manual-last" in Deploy,
    level: Info,
    blocks: Blocks::Nothing,
    fix: Fixable::Sometimes,
    on: On::keys(&["pipeline"]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let Known::Present(pipeline) = cx.pipeline() else { return };
    let Some(last) = last_step(pipeline) else { return };
    let Some(entry) = last.entry("trigger_next_step_manually") else { return };
    if entry.value.as_bool() != Some(true) {
        return;
    }
    sink.report(
        cx.at(pipeline.document, entry.key.span(), "there is no step after this one to trigger")
            .label("the last step")
            .why("it has no effect")
            .help("move it to the step before, or remove it")
            .safe_fix("remove it", edit::remove_entry(last, entry)),
    );
}

/// The last step, where all of them could be read.
fn last_step<'a>(pipeline: &Pipeline<'a>) -> Option<Value<'a>> {
    let (_, name) = pipeline.steps.last().filter(|_| pipeline.is_complete)?;
    let root = pipeline.document.tree()?.root();
    // The key `deploy` of service.yaml stands for the whole file.
    let list = root.get("pipeline").or_else(|| root.get("deploy")?.get("pipeline"))?;
    let step = list.items().last().filter(|step| step.kind() == Kind::Map)?;
    step.span().contains(name.span()).then_some(step)
}
