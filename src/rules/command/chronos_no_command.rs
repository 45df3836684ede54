//! Chronos jobs that say nothing of what to run.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, On, Rule, Sink};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds Chronos jobs with neither `cmd` nor `args`.
    ///
    /// ## Why it matters
    ///
    /// The documentation calls both optional, as if the image's own command would run. PaaSTA 0.66
    /// sends Chronos a null as command, and Chronos makes the word `null` of it: the
    /// container runs `/bin/sh -c null`, and the job fails each time.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// cleanup:
    ///   schedule: 0 4 * * *
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// cleanup:
    ///   schedule: 0 4 * * *
    ///   cmd: exec bin/cleanup
    /// ```
    ///
    /// ## Source
    ///
    /// Chronos 2.5, whose JSON reader turns null into text; paasta-tools 0.66.6
    /// `chronos_tools:ChronosJobConfig.get_cmd`.
    "chronos-no-command" in Command,
    level: Info (Paasta066: Warning),
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    if cx.set("cmd").is_some() {
        return;
    }
    if cx.set("args").is_some_and(|args| args.value.kind() != Kind::Seq || !args.value.is_empty()) {
        return;
    }
    sink.report(
        cx.at_name("this job has neither `cmd` nor `args`")
            .label("what should it run?")
            .why("PaaSTA 0.66 makes Chronos run the word `null`, and the job fails each time")
            .help("add `cmd`, with the command that the image would run by itself if that is meant")
            .identity("no command"),
    );
}
