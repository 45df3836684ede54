//! A command health check without its command.

use crate::dialect::DialectName;
use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot};
use crate::schema::check::What;
use crate::yaml::Value;

pub(crate) static RULE: Rule = rule! {
    /// Finds `healthcheck_mode: cmd` without `healthcheck_cmd`.
    ///
    /// ## Why it matters
    ///
    /// In mode cmd the command is the health check. Without one PaaSTA refuses to build the
    /// instance, and it is never deployed.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// worker:
    ///   healthcheck_mode: cmd
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// worker:
    ///   healthcheck_mode: cmd
    ///   healthcheck_cmd: /code/bin/healthy
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `healthcheck_cmd`: "a required field if healthcheck_mode is cmd".
    "healthcheck-cmd-missing" in Health,
    level: Error,
    // The schema lets no adhoc instance have such keys, but it may get them from service.yaml.
    on: On::kinds(&[FileKind::Marathon, FileKind::Adhoc]),
    speaks_for: Some(|error| {
        // With one in service.yaml only `paasta validate` of 0.66 misses it.
        let default = || error.service.mapping("service.yaml").and_then(|(_, root)| root.get("healthcheck_cmd"));
        matches!(error.problem.what, What::HealthcheckCmdMissing)
            && (error.dialect.name == DialectName::Documented || default().is_none_or(Value::is_null))
    }),
    check: Check::Entry(Slot::known("healthcheck_mode"), check),
};

fn check(cx: &InstanceCx<'_>, mode: &Located<'_>, sink: &mut Sink<'_>) {
    // A command that is null is for the schema, where it stands in an instance.
    if mode.value.as_str() != Some("cmd")
        || cx.own("healthcheck_cmd").is_some()
        || cx.set("healthcheck_cmd").is_some()
    {
        return;
    }
    sink.report(
        cx.at_value(mode, "`healthcheck_mode: cmd` needs a `healthcheck_cmd`")
            .label("there is no command to run")
            .why(if cx.instance.kind == FileKind::Adhoc {
                "`paasta local-run` fails on it, and the instance does not start"
            } else {
                "PaaSTA refuses to build the instance, so it is never deployed"
            })
            .help("add `healthcheck_cmd` with a command that exits with 0 while the task is healthy")
            .absent(&["healthcheck_cmd"]),
    );
}
