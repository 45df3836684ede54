//! Cron schedules with a minute left open.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::cron::{self, Trouble};

pub(crate) static RULE: Rule = rule! {
    /// Finds cron schedules that run a job in every minute, of the day or of an hour.
    ///
    /// ## Why it matters
    ///
    /// In `* 3 * * *` the minute is open: the job runs sixty times from 3:00 to 3:59, not once at 3:00.
    /// And a job that runs every minute of the day costs a container each time; runs that fall due
    /// while one lasts are dropped.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: "* 3 * * *"
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
    /// crontab(5); the documentation of `schedule` on runs that overlap.
    "cron-every-minute" in Schedule,
    level: Warning,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    const ALL: u64 = (1 << 60) - 1;
    let Some(schedule) = jobs::cron(located) else { return };
    let Ok((cron, problems)) = cron::read(schedule) else { return };
    let [minutes, hours, ..] = cron.values;
    // Blanks that do not belong there have a finding of their own, and no date is no run.
    if minutes != ALL || problems.iter().any(|problem| !matches!(problem.kind, Trouble::EitherDay)) {
        return;
    }
    let range = 0..schedule.find(' ').unwrap_or(schedule.len());
    let every_hour = hours.count_ones() == 24;
    let (message, help) = if every_hour {
        (
            "the job runs every minute",
            "run it less often (`*/10` is every ten minutes), or make a long-running service of it",
        )
    } else {
        (
            "the job runs sixty times in each of these hours",
            "write the minute at which it runs, `0` for the full hour",
        )
    };
    let (finding, _) = cx.at_range(located, &range, message);
    sink.report(
        finding
            .label("every minute")
            .why("each run is a container of its own, and runs that fall due while one lasts are dropped")
            .help(help),
    );
}
