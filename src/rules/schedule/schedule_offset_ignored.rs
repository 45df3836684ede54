//! Offsets from UTC that Chronos throws away.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::iso8601::{self, Offset, Start};

pub(crate) static RULE: Rule = rule! {
    /// Finds starts of repeating intervals with an offset from UTC such as `+02:00`, which Chronos
    /// throws away.
    ///
    /// ## Why it matters
    ///
    /// Chronos keeps the clock fields of the start and reads them in `schedule_time_zone`, or in
    /// UTC without one. So `T09:00:00+02:00` runs at 9:00 in that zone, not at 7:00 UTC.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: R/2017-01-01T09:00:00+02:00/P1D
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: R/2017-01-01T09:00:00/P1D
    ///   schedule_time_zone: Europe/Berlin
    ///   cmd: run
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `schedule_time_zone`, which wins over a zone in `schedule`; Chronos
    /// 2.5.0 `withZoneRetainFields`.
    "schedule-offset-ignored" in Schedule,
    level: Warning,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some((schedule, parts)) = jobs::repeating(located) else { return };
    let Ok(Start { offset: Offset::Minutes(_, range), .. }) = iso8601::start(parts.start) else { return };
    let from = jobs::start_range(&parts).start;
    let range = from + range.start..from + range.end;
    let written = schedule.get(range.clone()).unwrap_or("");
    let zone = cx.set("schedule_time_zone").and_then(|zone| zone.value.as_str());
    let effect = match zone {
        Some(zone) => format!("the job runs at this time of day in {}", jobs::shown(zone)),
        None => "the job runs at this time of day in UTC".to_owned(),
    };
    let help = match zone {
        Some(_) => "leave the offset out: `schedule_time_zone` decides",
        None => {
            "write the time in UTC with `Z`, or name the zone in `schedule_time_zone` and leave the offset out"
        }
    };
    sink.report(
        cx.at_range(located, &range, format!("Chronos ignores the offset `{written}`"))
            .0
            .label("ignored")
            .why(effect)
            .help(help),
    );
}
