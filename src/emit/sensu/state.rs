//! What runs in the cluster, as far as checks look at it.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What runs. Everything is optional; what is not named does not run.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// Healthy Marathon tasks by `service.instance`.
    pub healthy_tasks: BTreeMap<String, i64>,
    /// Servers that are up in HAProxy: by host, then by `service.namespace`.
    pub haproxy_backends: BTreeMap<String, BTreeMap<String, i64>>,
    /// The agents of the cluster; without them, those that the system configuration expects.
    pub agents: Option<Vec<Agent>>,
    /// Last runs of Chronos jobs by `service.job`.
    pub jobs: BTreeMap<String, LastRun>,
}

/// A Mesos agent.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Agent {
    /// Its name.
    pub hostname: String,
    /// Its attributes: pool, region and so on.
    pub attributes: BTreeMap<String, serde_json::Value>,
}

/// How the last run of a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LastRun {
    /// Well.
    Success,
    /// Badly.
    Failure,
}

/// Why a description of what runs cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("it does not describe what runs: {0}")]
pub struct StateError(String);

impl State {
    /// Reads a JSON document.
    ///
    /// # Errors
    /// It has another form.
    pub fn parse(bytes: &[u8]) -> Result<Self, StateError> {
        crate::encoding::json(bytes).map_err(StateError)
    }
}
