//! Seconds in a command.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::tron::ItemKind;

pub(crate) static RULE: Rule = rule! {
    /// Finds `%(unixtime)s` in the `cmd` of a Chronos job.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA fills in the time when it sets the job up, and looks every few minutes whether the job is
    /// still as it should be. With seconds in the command it never is: the job is set up anew each
    /// time, and a run gets the time of that, not its own.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   cmd: report --since %(unixtime)s
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   cmd: report --since $(date +%%s)
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `chronos_tools:parse_time_variables`, recorded: the hash of the job changes
    /// on every pass.
    "cmd-unixtime" in Schedule,
    level: Warning,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("cmd"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some((_, items)) = jobs::date_strings(cx, located) else { return };
    let is_unixtime = |kind: &ItemKind| matches!(kind, ItemKind::Date(date) if date.name == "unixtime");
    let Some(item) = items.into_iter().find(|item| is_unixtime(&item.kind)) else { return };
    sink.report(
        cx.at_range(located, &item.range, "the command changes with every second")
            .0
            .label("filled in when PaaSTA looks at the job")
            .why("PaaSTA sets the job up anew on each of its passes, for ever")
            .help("let the command ask for the time (`$(date +%%s)`), or use `%(shortdate)s`"),
    );
}
