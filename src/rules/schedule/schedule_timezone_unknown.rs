//! Time zones that do not exist.

use crate::dialect::DialectName;
use crate::model::kind::FileKind;
use crate::rules::inside::replace;
use crate::rules::{Check, Fixable, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::zone::{self, Zone};

pub(crate) static RULE: Rule = rule! {
    /// Finds values of `schedule_time_zone` that are no name of the tz database.
    ///
    /// ## Why it matters
    ///
    /// `paasta validate` accepts any text. Chronos refuses an unknown zone, and the script that
    /// watches the jobs fails on it, which ends its checks of all later jobs. Abbreviations like
    /// `PST` and offsets like `GMT+2` are no names either, and the case of the letters counts.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   schedule_time_zone: PST
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
    /// Only the case of letters is safe to change; what else was meant is a guess.
    ///
    /// ## Source
    ///
    /// The documentation of `schedule_time_zone`; Chronos 2.5.0 (`TimeZone`, for cron `ZoneId.of`);
    /// pytz 2016.10 in `check_chronos_jobs`.
    "schedule-timezone-unknown" in Schedule,
    level: Error,
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule_time_zone"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(name) = located.value.as_str() else { return };
    // A job without a schedule never looks at it; empty text is as good as no zone.
    if name.is_empty() || cx.set("schedule").is_none() {
        return;
    }
    let (message, meant) = match zone::lookup(name) {
        Zone::Known => return,
        Zone::Young(older) => {
            if cx.env.dialect.name == DialectName::Documented {
                return;
            }
            (format!("the time zone `{name}` is younger than PaaSTA 0.66"), older)
        }
        Zone::Unknown(meant) => (format!("there is no time zone `{}`", jobs::shown(name)), meant),
    };
    let (finding, inside) = cx.at_range(located, &(0..name.len()), message);
    let finding = finding
        .label("not in the tz database")
        .why("Chronos refuses the job or runs it at another time, and PaaSTA's script that watches the jobs fails on it");
    sink.report(match meant {
        Some(meant) => {
            let finding = finding.help(format!("did you mean `{meant}`?"));
            match replace(inside, meant) {
                Some(edits) if meant.eq_ignore_ascii_case(name) => {
                    finding.safe_fix("write the name as it is spelled", edits)
                }
                Some(edits) => finding.unsafe_fix(format!("use `{meant}`"), edits),
                None => finding,
            }
        }
        None => finding.help("use a name of the tz database, such as `America/Los_Angeles` or `UTC`"),
    });
}
