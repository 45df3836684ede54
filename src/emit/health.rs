//! Health checks of Marathon instances.

use crate::effective::Namespace;

use super::python::{Data, Dict, Value, str};
use super::{Refusal, Subject};

impl<'s> Subject<'_, 's> {
    /// `http`, `https`, `tcp`, `cmd` or null: the instance's own, else the namespace's mode.
    ///
    /// # Errors
    /// Another word.
    pub fn healthcheck_mode(&self, namespace: &Namespace<'s>) -> Result<Value<'s>, Refusal> {
        match self.config.set("healthcheck_mode") {
            None => Ok(namespace.mode()),
            Some(mode) if matches!(mode.as_str(), Some("http" | "https" | "tcp" | "cmd")) => Ok(mode.clone()),
            Some(mode) => Err(Refusal::new(
                "InvalidHealthcheckMode",
                format!("`{}` is no mode of a health check", str(mode)),
            )
            .at(mode.origin)
            .help("use `http`, `tcp` or `cmd`")),
        }
    }

    /// Path of HTTP checks.
    pub fn healthcheck_uri(&self, namespace: &Namespace<'s>) -> Value<'s> {
        let from_namespace = || namespace.values.get("healthcheck_uri").cloned();
        let own = self.config.get("healthcheck_uri").cloned();
        own.or_else(from_namespace).unwrap_or_else(|| Value::default("/status"))
    }

    /// Failures in a row after which a task is killed.
    pub fn max_consecutive_failures(&self) -> Value<'s> {
        let default = i64::from(self.context.dialect.default_max_consecutive_failures);
        self.config.or("healthcheck_max_consecutive_failures", default)
    }

    /// The health checks that Marathon makes: one or none.
    ///
    /// # Errors
    /// A mode that Marathon cannot check, a command check without a command.
    pub fn health_checks(&self, namespace: &Namespace<'s>) -> Result<Value<'s>, Refusal> {
        let mode = self.healthcheck_mode(namespace)?;
        let own_https =
            self.config.set("healthcheck_mode").is_some() && self.context.dialect.https_health_check;
        let mut check = match mode.as_str() {
            None => return Ok(Value::default(Vec::new())),
            Some("http") => self.over_network("HTTP", Some(namespace)),
            Some("https") if own_https => self.over_network("HTTPS", Some(namespace)),
            Some("tcp") => self.over_network("TCP", None),
            Some("cmd") => {
                let Some(command) = self.config.set("healthcheck_cmd") else {
                    return Err(Refusal::new(
                        "InvalidInstanceConfig",
                        "`healthcheck_mode: cmd` needs a `healthcheck_cmd` to run",
                    )
                    .at(mode.origin)
                    .help("add `healthcheck_cmd`"));
                };
                Dict::of([
                    ("protocol", Value::new(Data::from("COMMAND"), mode.origin)),
                    ("command", super::mapping([("value", command.clone())])),
                ])
            }
            Some(other) => {
                return Err(Refusal::new(
                    "InvalidHealthcheckMode",
                    format!("Marathon instances cannot be checked over `{other}`"),
                )
                .at(mode.origin)
                .help("use `http`, `tcp` or `cmd`"));
            }
        };
        let seconds = |key: &str, default: i64| self.config.or(key, default);
        check.insert("gracePeriodSeconds", seconds("healthcheck_grace_period_seconds", 60));
        check.insert("intervalSeconds", seconds("healthcheck_interval_seconds", 10));
        check.insert("timeoutSeconds", seconds("healthcheck_timeout_seconds", 10));
        check.insert("maxConsecutiveFailures", self.max_consecutive_failures());
        Ok(Value::computed(vec![Value::computed(check)]))
    }

    fn over_network(&self, protocol: &'static str, with_path: Option<&Namespace<'s>>) -> Dict<'s> {
        let mut check = Dict::of([("protocol", Value::computed(protocol))]);
        if let Some(namespace) = with_path {
            check.insert("path", self.healthcheck_uri(namespace));
        }
        let port =
            self.config.set("healthcheck_port").filter(|_| self.context.dialect.marathon_healthcheck_port);
        match port {
            Some(port) => check.insert("port", port.clone()),
            None => check.insert("portIndex", Value::default(0)),
        }
        check
    }
}
