//! How an autoscaled instance is scaled, as PaaSTA merges it.

use crate::rules::{InstanceCx, Located};
use crate::yaml::{Kind, Value};

/// The entries of `autoscaling` that count: those of the instance, and of service.yaml for what it
/// does not set.
pub(crate) struct Autoscaling<'a> {
    entries: Vec<Located<'a>>,
}

/// Metrics and decisions where nothing else is said (paasta-behaviour.md section 4).
const PROVIDER: &str = "mesos_cpu";
const POLICY: &str = "pid";

impl<'a> Autoscaling<'a> {
    /// That of an instance with autoscaling on and a mapping that configures it.
    pub(crate) fn of(cx: &InstanceCx<'a>) -> Option<Self> {
        if cx.get("autoscaling")?.value.kind() != Kind::Map {
            return None;
        }
        cx.set("max_instances")?;
        Some(Self { entries: cx.merged("autoscaling") })
    }

    /// The entry for `key`.
    pub(crate) fn get(&self, key: &str) -> Option<Located<'a>> {
        self.entries.iter().copied().find(|entry| entry.key.as_str() == Some(key))
    }

    /// What utilization is measured by; `None` where that is no text.
    pub(crate) fn provider(&self) -> Option<&'a str> {
        self.word("metrics_provider", PROVIDER)
    }

    /// How the number of instances is decided; `None` where that is no text.
    pub(crate) fn policy(&self) -> Option<&'a str> {
        self.word("decision_policy", POLICY)
    }

    fn word(&self, key: &str, default: &'static str) -> Option<&'a str> {
        match self.get(key) {
            Some(located) => located.value.as_str(),
            None => Some(default),
        }
    }

    /// The share of use to aim at, with where it is written; `None` where that is no number.
    pub(crate) fn setpoint(&self) -> Option<(f64, Option<Located<'a>>)> {
        let Some(located) = self.get("setpoint") else { return Some((0.8, None)) };
        share(located.value).map(|share| (share, Some(located)))
    }
}

/// A number from 0 to 1; others are for the schema.
pub(crate) fn share(value: Value<'_>) -> Option<f64> {
    value.as_number().filter(|share| (0.0..=1.0).contains(share))
}
