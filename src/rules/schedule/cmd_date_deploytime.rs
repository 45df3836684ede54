//! Dates in a command.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::tron::ItemKind;

pub(crate) static RULE: Rule = rule! {
    /// Finds date strings in the `cmd` of a Chronos job, which PaaSTA fills in when it sets the job up.
    ///
    /// ## Why it matters
    ///
    /// The date is that of the host where PaaSTA last looked at the job, not that of the run: a run
    /// shortly after midnight may still get the day before. `hour` and `unixtime` are not documented.
    /// It is advice and off by default.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 5 0 * * *
    ///   cmd: report --day %(shortdate-1)s
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 5 0 * * *
    ///   cmd: report --day $(date -d yesterday +%%F)
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `chronos_tools:create_complete_config`; the documentation of `cmd`.
    "cmd-date-deploytime" in Schedule,
    level: Info,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("cmd"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some((_, items)) = jobs::date_strings(cx, located) else { return };
    let date = items.into_iter().find_map(|item| match item.kind {
        // Seconds have a finding of their own.
        ItemKind::Date(date) if date.name != "unixtime" => Some((item.range, date.name)),
        _ => None,
    });
    let Some((range, name)) = date else { return };
    let help = match name {
        "hour" => "let the command work out the hour: `hour` is not documented",
        _ => "where the exact day matters, let the command work it out",
    };
    sink.report(
        cx.at_range(
            located,
            &range,
            format!("`{name}` is filled in when PaaSTA sets the job up, not when it runs"),
        )
        .0
        .label("the date of the last set-up")
        .why("a run shortly after midnight may get the date of the day before")
        .help(help),
    );
}
