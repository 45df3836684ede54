//! Payloads: what PaaSTA sends to Marathon, Chronos and Docker for an instance, what SmartStack and
//! HAProxy make of a tree, what Sensu gets, and the pipeline that deploys a service.
//!
//! Everything here takes a [`ValidInstance`](crate::check::ValidInstance), which only a check can
//! make, or what was made from one. Facts: paasta-tools 0.66.6; where its documentation promises
//! something else, [`Dialect`] decides.

pub mod adhoc;
pub mod chronos;
mod compile;
mod constraints;
pub(crate) mod convert;
mod date_strings;
mod docker;
mod health;
mod held;
pub mod jenkins;
pub mod marathon;
pub mod python;
mod refusal;
mod rest;
pub mod sensu;
pub mod settings;
pub mod shown;
pub mod smartstack;

use std::collections::BTreeMap;

use crate::check::ValidInstance;
use crate::dialect::Dialect;
use crate::effective::{
    Branch, Deployments, Forest, InstanceConfig, ServiceConfig, System, Written, is_fault,
};
use crate::model::kind::FileKind;
use python::{Data, Dict, Origin, Value};

pub use compile::{Form, Payload, Request, json_entry};
pub use held::{Held, Omission};
pub use refusal::Refusal;

/// Text in the image of an instance of which nothing is known to be deployed.
pub const PLACEHOLDER: &str = "placeholder";

/// What is the same for all payloads of a run.
#[derive(Debug)]
pub struct Context<'c> {
    /// How disagreements between documentation and code are settled.
    pub dialect: &'static Dialect,
    /// The cluster that is compiled.
    pub cluster: &'c str,
    /// Its system configuration.
    pub system: &'c System,
    /// The autoscaler's instance counts, by `service.instance`.
    pub counts: &'c BTreeMap<String, i64>,
    /// The time for date strings, in the local time of the scheduler.
    pub now: jiff::civil::DateTime,
    /// Whether an instance without deployment data gets an image marked [`PLACEHOLDER`].
    pub placeholders: bool,
}

/// An instance that is about to become a payload: configuration, deployment, surroundings.
#[derive(Debug)]
pub struct Subject<'a, 's> {
    /// What is the same for all.
    pub context: &'a Context<'a>,
    /// The services of the tree, for namespaces of others.
    pub forest: &'a Forest<'s>,
    /// The merged configuration.
    pub config: InstanceConfig<'s>,
    /// What is deployed, or why nothing is known about it.
    pub branch: Result<Branch, Refusal>,
    /// Whether the image is a placeholder.
    pub is_placeholder: bool,
}

impl<'a, 's> Subject<'a, 's> {
    /// Merges the configuration of a valid instance and looks up its deployment.
    ///
    /// # Errors
    /// The configuration cannot be merged. Missing deployment data shows where it is needed.
    pub fn new(
        context: &'a Context<'a>,
        forest: &'a Forest<'s>,
        service: &'s ServiceConfig<'s>,
        deployments: &Deployments,
        instance: &ValidInstance<'s>,
    ) -> Result<Self, Refusal> {
        let written =
            Written { document: instance.document_index(), name: instance.name(), entry: instance.entry() };
        Self::unchecked(context, forest, service, deployments, instance.kind(), written)
    }

    /// The same for an instance that may have errors: to look at, not to emit.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub(crate) fn unchecked(
        context: &'a Context<'a>,
        forest: &'a Forest<'s>,
        service: &'s ServiceConfig<'s>,
        deployments: &Deployments,
        kind: FileKind,
        written: Written<'s>,
    ) -> Result<Self, Refusal> {
        let own = service.value(written.entry.value, written.document);
        let config = InstanceConfig::new(service, kind, context.cluster, written.name, own)?;
        let mut branch = config.deployed(deployments);
        // What is there and wrong is not missing.
        let is_wrong = branch.as_ref().is_err_and(is_fault);
        if !context.placeholders && branch.is_ok() && !config.is_controlled(deployments) {
            branch = Err(Refusal::new(
                "NoDeploymentsAvailable",
                "deployments.json has no `controls` for the instance",
            ));
        }
        let unknown = !matches!(&branch, Ok(branch) if branch.image().is_truthy());
        let is_placeholder = context.placeholders && unknown && !is_wrong;
        if is_placeholder {
            branch = Ok(placeholder(service.name(), branch.ok()));
        }
        Ok(Self { context, forest, config, branch, is_placeholder })
    }

    /// What is deployed.
    ///
    /// # Errors
    /// Nothing is known about it.
    pub fn deployed(&self) -> Result<&Branch, Refusal> {
        self.branch.as_ref().map_err(Clone::clone)
    }
}

/// A deployment that says what image would stand there, keeping what is known.
fn placeholder(service: &str, known: Option<Branch>) -> Branch {
    let mut values = known.unwrap_or_default().values;
    let image = format!("services-{service}:paasta-{PLACEHOLDER}");
    values.insert("docker_image", Value::new(Data::from(image), Origin::Computed));
    values.insert("git_sha", Value::new(Data::from(PLACEHOLDER), Origin::Computed));
    Branch { values }
}

/// A mapping as a value that was worked out.
fn mapping<'s, const N: usize>(entries: [(&'static str, Value<'s>); N]) -> Value<'s> {
    Value::computed(Dict::of(entries))
}
