//! Days of the month and of the week together.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::cron::{self, Trouble};

pub(crate) static RULE: Rule = rule! {
    /// Finds cron schedules that name a week of the month and a day of the week, which does not
    /// mean the nth weekday.
    ///
    /// ## Why it matters
    ///
    /// `0 3 1-7 * mon` looks like the first Monday of the month. But where both day fields are
    /// given, cron runs the job when either fits: on the first seven days and on every Monday.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// monthly:
    ///   schedule: 0 3 1-7 * mon
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// monthly:
    ///   schedule: 0 3 1 * *
    ///   cmd: run
    /// ```
    ///
    /// ## Source
    ///
    /// crontab(5), and croniter 0.3.14.
    "cron-dom-and-dow" in Schedule,
    level: Warning,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(schedule) = jobs::cron(located) else { return };
    let Err(problems) = cron::parse(schedule) else { return };
    for problem in problems {
        if problem.kind == Trouble::EitherDay {
            sink.report(
                cx.at_range(located, &problem.range, "the job runs on these days of the month and also on these weekdays")
                    .0
                    .label("either suffices")
                    .why("where both day fields are given, cron runs the job when one of them fits, not only when both do")
                    .help("for the nth weekday, keep the weekday and check the day of the month in the command"),
            );
        }
    }
}
