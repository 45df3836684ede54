//! `deploy.yaml`: the deployment pipeline.

use super::declare::nested;
use super::table::{DefaultValue, Effect, Provenance, Unknown, always};
use super::types::Listed;

nested! {
    /// The steps between a commit and its deployment.
    #[record("the deployment pipeline", Unknown::Ignored("PaaSTA does not read it"))]
    pub struct Deploy {
        /// The steps, in order: builds, checks and deploy groups.
        pipeline: Vec<PipelineStep> {
            example: r#"[{"step": "itest"}, {"step": "security-check"}, {"step": "push-to-registry"}, {"step": "dev.main"}]"#,
            effect: Effect::Pipeline,
            required: always,
        }
    }

    /// One step of the pipeline.
    #[record("a step: a mapping with `step`", Unknown::Ignored("PaaSTA does not read it"))]
    pub struct PipelineStep {
        /// What is done: `itest`, `security-check`, `performance-check`, `push-to-registry`,
        /// `command-<name>`, or the name of a deploy group.
        step: String {
            suggestions: &["itest", "security-check", "performance-check", "push-to-registry"],
            example: "prod.main",
            effect: Effect::Pipeline,
            required: always,
        }
        /// Whether somebody must start the step after this one.
        trigger_next_step_manually: bool {
            default: DefaultValue::Same("false"),
            example: "true",
            effect: Effect::Pipeline,
        }
        /// Whether the step lasts until the deployment is done.
        wait_for_deployment: bool {
            default: DefaultValue::Same("true"),
            example: "false",
            effect: Effect::Pipeline,
            provenance: Provenance::CodeOnly,
        }
        /// Whether the team hears that the version was marked for deployment.
        notify_after_mark: bool {
            example: "true",
            effect: Effect::Pipeline,
            provenance: Provenance::CodeOnly,
        }
    }
}

impl Listed for PipelineStep {
    const WHAT: &'static str = "a list of steps";
    const FORM: &'static str = "[{step: itest}, {step: push-to-registry}]";
}
