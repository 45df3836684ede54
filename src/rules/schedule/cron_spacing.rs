//! Blanks between cron fields.

use crate::model::kind::FileKind;
use crate::rules::inside::replace;
use crate::rules::{Check, Fixable, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::cron::{self, Trouble};

pub(crate) static RULE: Rule = rule! {
    /// Finds cron schedules whose fields are not separated by exactly one blank.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA counts the blanks: with two in a row, a tab, or one in front it does not see a cron
    /// schedule, and refuses the job.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0  3 * * *
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   cmd: run
    /// ```
    ///
    /// ## Fix safety
    ///
    /// The fields stay as they are.
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `chronos_tools:check_schedule` with python-crontab 2.1.1: five fields
    /// are four blanks.
    "cron-spacing" in Schedule,
    level: Warning (Paasta066: Error),
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(schedule) = jobs::cron(located) else { return };
    let Err(problems) = cron::parse(schedule) else { return };
    for problem in problems {
        let Trouble::Spacing(single) = problem.kind else { continue };
        let (finding, inside) =
            cx.at_range(located, &problem.range, "the cron fields are not separated by single blanks");
        let finding = finding
            .label("one blank between two fields")
            .why("PaaSTA 0.66 refuses the job")
            .help(format!("write `{}`", jobs::shown(&single)));
        sink.report(match replace(inside, single) {
            Some(edits) => finding.safe_fix("use single blanks", edits),
            None => finding,
        });
    }
}
