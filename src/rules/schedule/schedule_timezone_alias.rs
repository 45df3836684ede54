//! Old names of time zones.

use crate::model::kind::FileKind;
use crate::rules::{Check, Fixable, InstanceCx, Located, On, Rule, Sink, Slot};
use crate::schedule::zone;
use crate::yaml::edit;

pub(crate) static RULE: Rule = rule! {
    /// Finds `schedule_time_zone` with a name that the tz database keeps only for old programs.
    ///
    /// ## Why it matters
    ///
    /// `US/Pacific`, `Japan` and the like still work, as links to `America/Los_Angeles`, `Asia/Tokyo`.
    /// New installations of the tz database may leave them out. It is advice and off by default.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   schedule_time_zone: US/Pacific
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   schedule_time_zone: America/Los_Angeles
    ///   cmd: run
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Both names are one zone.
    ///
    /// ## Source
    ///
    /// The file `backward` of the tz database.
    "schedule-timezone-alias" in Schedule,
    level: Info,
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule_time_zone"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(name) = located.value.as_str() else { return };
    let Some(current) = zone::current_name(name) else { return };
    sink.report(
        cx.at_value(located, format!("`{name}` is an old name of the time zone `{current}`"))
            .label("an old name")
            .why("it works, but not every tz database has it any more")
            .help(format!("write `{current}`"))
            .safe_fix(format!("write `{current}`"), edit::replace(located.value, current)),
    );
}
