//! Deploying before there is something to deploy.

use crate::rules::support::deploy_groups::{Known, deploys};
use crate::rules::support::words::shown;
use crate::rules::{Check, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds deploy steps that stand before the image is tested and pushed.
    ///
    /// ## Why it matters
    ///
    /// Steps run in the order of the list. `itest` builds the image and tests it,
    /// `push-to-registry` puts it where hosts can fetch it. A deployment before that is of an
    /// image that nobody has tested, or that is not there yet.
    ///
    /// ## Example
    ///
    /// ```yaml deploy.yaml
    /// pipeline:
    ///   - step: itest
    ///   - step: prod.main
    ///   - step: push-to-registry
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml deploy.yaml
    /// pipeline:
    ///   - step: itest
    ///   - step: push-to-registry
    ///   - step: prod.main
    /// ```
    ///
    /// ## Source
    ///
    /// PaaSTA's contract for deploy.yaml; paasta-tools 0.66.6 `cli/cmds/check.py`.
    "pipeline-order" in Deploy,
    level: Warning,
    on: On::keys(&["pipeline"]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let Known::Present(pipeline) = cx.pipeline() else { return };
    let late = pipeline.steps.iter().rposition(|(step, _)| matches!(*step, "itest" | "push-to-registry"));
    let first = pipeline.steps.iter().position(|(step, _)| deploys(step));
    let (Some(late), Some(first)) = (late, first) else { return };
    let (Some((preparation, later)), Some((step, value))) =
        (pipeline.steps.get(late), pipeline.steps.get(first))
    else {
        return;
    };
    if first > late {
        return;
    }
    sink.report(
        cx.at(
            pipeline.document,
            value.span(),
            format!("`{}` is deployed before `{preparation}`", shown(step)),
        )
        .label("comes too early")
        .related(pipeline.document.place(later.span()), format!("`{preparation}` comes only here"))
        .why("the image is not tested or not in the registry yet when this step runs")
        .help(format!("move `{preparation}` before the first step that deploys")),
    );
}
