//! Months and years from today.

use crate::rules::{Check, InstanceCx, Rule, Sink, jobs};
use crate::schedule::tron::ItemKind;

pub(crate) static RULE: Rule = rule! {
    /// Finds date strings that add to a month or a year, which fails on some days.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA keeps the day when it adds a month: `%(month+1)s` asks for 31 February on 31 January,
    /// and fails. On such a day the job can be neither set up nor updated. A year fails on 29
    /// February.
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
    documented: Warning, paasta_0_66: Warning,
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let Some((located, _, items)) = jobs::date_strings(cx) else { return };
    let mut found = 0;
    for item in items {
        let ItemKind::Date(date) = item.kind else { continue };
        let (message, why) = match date.name {
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
        sink.report(
            cx.at_range(&located, &item.range, message)
                .0
                .label(format!("the same day in another {}", date.name))
                .why(why)
                .help("work with days (`%(shortdate-1)s`), or let the command work out the date"),
        );
    }
}
