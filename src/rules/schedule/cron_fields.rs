//! Cron schedules with too few or too many fields.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::cron::{self, Trouble};

pub(crate) static RULE: Rule = rule! {
    /// Finds cron schedules that do not have exactly five fields.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA refuses them. A sixth field for seconds, which some schedulers have, does not exist
    /// here.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 0 3 * * *
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
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `chronos_tools:check_schedule` with python-crontab 2.1.1.
    "cron-fields" in Schedule,
    level: Error,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(schedule) = jobs::cron(located) else { return };
    let Err(problems) = cron::parse(schedule) else { return };
    for problem in problems {
        let Trouble::FieldCount(count) = problem.kind else { continue };
        let fields = if count == 1 { "field" } else { "fields" };
        sink.report(
            cx.at_range(
                located,
                &problem.range,
                format!("the cron schedule has {count} {fields} instead of five"),
            )
            .0
            .label(if count == 6 { "cron has no field for seconds or years" } else { "not five fields" })
            .why("PaaSTA refuses the job")
            .help("write minute, hour, day of the month, month and day of the week: `0 3 * * *`"),
        );
    }
}
