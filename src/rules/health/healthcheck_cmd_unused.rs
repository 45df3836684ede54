//! A health check command that never runs.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, On, Rule, Sink};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds `healthcheck_cmd` in an instance whose `healthcheck_mode` is not cmd.
    ///
    /// ## Why it matters
    ///
    /// The command runs in mode cmd only. In any other mode it is ignored, and without a mode the
    /// namespace decides how to check; outside SmartStack there is then no check at all.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// worker:
    ///   healthcheck_mode: tcp
    ///   healthcheck_cmd: /code/bin/healthy
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
    /// The documentation of `healthcheck_mode` and `healthcheck_cmd`; paasta-tools 0.66.6
    /// `marathon_tools:MarathonServiceConfig.get_healthchecks` and its schema.
    "healthcheck-cmd-unused" in Health,
    level: Warning,
    on: On::keys(&["healthcheck_cmd"]).within(&[FileKind::Marathon]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let Some(command) = cx.own("healthcheck_cmd").filter(|command| command.value.kind() == Kind::Str) else {
        return;
    };
    let finding = if let Some(mode) = cx.set("healthcheck_mode") {
        let Some(name @ ("http" | "https" | "tcp")) = mode.value.as_str() else { return };
        cx.at_key(&command, format!("`healthcheck_cmd` is not run in mode {name}"))
            .label("never runs")
            .related(mode.value_place(), "the mode is set here")
            .why("Marathon checks in another way, and the command is ignored")
    } else {
        // There `paasta validate` refuses it, which is a finding of its own.
        if !cx.env.dialect.healthcheck_cmd_without_mode && cx.own("healthcheck_mode").is_none() {
            return;
        }
        cx.at_key(&command, "`healthcheck_cmd` is not run without `healthcheck_mode: cmd`")
            .label("never runs")
            .why("the instance is checked in another way or not at all, and the command is ignored")
    };
    sink.report(finding.help("set `healthcheck_mode: cmd`, or remove the command"));
}
