//! A step twice.

use std::collections::BTreeMap;

use crate::rules::support::deploy_groups::Known;
use crate::rules::support::words::shown;
use crate::rules::{Check, On, Rule, ServiceCx, Sink};
use crate::yaml::Value;

pub(crate) static RULE: Rule = rule! {
    /// Finds steps that stand in deploy.yaml more than once.
    ///
    /// ## Why it matters
    ///
    /// The same check or deployment runs twice, and what stands between the two is deployed in an
    /// order that nobody sees at first glance. Most often a line was copied and not changed.
    ///
    /// ## Example
    ///
    /// ```yaml deploy.yaml
    /// pipeline:
    ///   - step: itest
    ///   - step: push-to-registry
    ///   - step: prod.main
    ///   - step: prod.main
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
    /// The documentation of deploy groups: each step references one.
    "pipeline-duplicate-step" in Deploy,
    level: Warning,
    on: On::keys(&["pipeline"]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let Known::Present(pipeline) = cx.pipeline() else { return };
    let mut seen: BTreeMap<&str, Value<'_>> = BTreeMap::new();
    for (step, value) in &pipeline.steps {
        let Some(first) = seen.get(step) else {
            seen.insert(step, *value);
            continue;
        };
        sink.report(
            cx.at(pipeline.document, value.site(), format!("the step `{}` is there already", shown(step)))
                .label("the same step again")
                .related(pipeline.document.place(first.site()), "it is here first")
                .why("it runs twice each time something is deployed")
                .help("remove one of them, or name the step that was meant"),
        );
    }
}
