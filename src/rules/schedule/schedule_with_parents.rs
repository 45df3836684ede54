//! Jobs with a schedule and parents.

use crate::model::kind::FileKind;
use crate::rules::{Check, Fixable, InstanceCx, On, Rule, Sink, jobs};
use crate::schema::check::What;
use crate::yaml::edit;

pub(crate) static RULE: Rule = rule! {
    /// Finds Chronos jobs with both a `schedule` and `parents`.
    ///
    /// ## Why it matters
    ///
    /// The documentation says that the schedule wins and the parents are ignored; `paasta validate`
    /// refuses the job. Either way nothing waits for the parents.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// load:
    ///   schedule: 0 3 * * *
    ///   parents: example.extract
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// load:
    ///   parents: example.extract
    ///   cmd: run
    /// ```
    ///
    /// ## Fix safety
    ///
    /// The parents have no effect.
    ///
    /// ## Source
    ///
    /// The documentation of `parents`; the chronos schema of paasta-tools 0.66.6.
    "schedule-with-parents" in Schedule,
    level: Warning (Paasta066: Error),
    fix: Fixable::Sometimes,
    on: On::keys(&["parents"]).within(&[FileKind::Chronos]),
    speaks_for: Some(|error| matches!(error.problem.what, What::TriggerBoth(_))),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let (Some(schedule), Some(parents)) = (cx.set("schedule"), cx.own("parents")) else { return };
    if parents.value.is_null() {
        return;
    }
    let (why, help) = if cx.env.dialect.schedule_wins_over_parents {
        (
            "the schedule wins: the job does not wait for its parents; `paasta validate` of 0.66 refuses the pair",
            "remove one of them",
        )
    } else {
        ("`paasta validate` refuses the job", "remove one of them; the schedule would win")
    };
    let finding = cx
        .at_key(
            &parents,
            format!("the job `{}` has both `schedule` and `parents`", jobs::shown(cx.instance.name)),
        )
        .label("ignored")
        .related(schedule.key_place(), "the schedule counts")
        .why(why)
        .help(help);
    let body = cx.instance.entry.value;
    let edits = body.entry("parents").and_then(|entry| edit::remove_entry(body, entry));
    sink.report(finding.safe_fix("remove `parents`, which are ignored", edits));
}
