//! Months and years from today.

use crate::diagnostic::Severity;
use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Level, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::tron::{Date, ItemKind};

pub(crate) static RULE: Rule = rule! {
    /// Finds date strings that add to a month or a year, which fails on some days, or too much to
    /// anything.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA keeps the day when it adds a month: `%(month+1)s` asks for 31 February on 31 January,
    /// and fails. On such a day the job can be neither set up nor updated. A year fails on 29
    /// February. Beyond the years 1 to 9999 there are no dates at all, which is an error.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// monthly:
    ///   schedule: 0 3 1 * *
    ///   cmd: report --month %(month-1)s
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// monthly:
    ///   schedule: 0 3 1 * *
    ///   cmd: report --day %(shortdate-1)s
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `chronos_tools:parse_time_variables` and `tron/tron_timeutils.py`
    /// (`macro_timedelta`).
    "cmd-month-arithmetic" in Schedule,
    level: Warning,
    also: &[Level::Error],
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("cmd"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some((_, items)) = jobs::date_strings(cx, located) else { return };
    let mut found = 0;
    for item in items {
        let ItemKind::Date(date) = item.kind else { continue };
        let (message, why) = match date.name {
            _ if is_out_of_range(&date) => (
                "this date string leaves the years 1 to 9999",
                "Python has no such date: `paasta validate` fails, and the job cannot be set up",
            ),
            "month" if date.delta != 0 => (
                "this date string fails at the end of some months",
                "where the other month has no such day, PaaSTA cannot set up or update the job",
            ),
            "year" if date.delta != 0 => (
                "this date string fails on 29 February",
                "where the other year has no such day, PaaSTA cannot set up or update the job",
            ),
            _ => continue,
        };
        found += 1;
        if found > jobs::MOST {
            break;
        }
        let finding = cx.at_range(located, &item.range, message).0.why(why);
        sink.report(if is_out_of_range(&date) {
            finding.label("too far away").help("write a smaller number").severity(Severity::Error)
        } else {
            finding
                .label(format!("the same day in another {}", date.name))
                .help("work with days (`%(shortdate-1)s`), or let the command work out the date")
        });
    }
}

/// Whether there is no such date, whatever the day is today: Python knows the years 1 to 9999.
fn is_out_of_range(date: &Date) -> bool {
    const YEARS: u64 = 9999;
    let longest = match date.name {
        "year" => YEARS,
        "month" => YEARS * 12,
        "day" | "shortdate" => YEARS * 366,
        "hour" => YEARS * 366 * 24,
        _ => return false,
    };
    date.delta.unsigned_abs() > longest
}
