//! `%s` in the command of a job.

use crate::model::kind::FileKind;
use crate::rules::inside::replace;
use crate::rules::{Check, Fixable, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::tron::ItemKind;

pub(crate) static RULE: Rule = rule! {
    /// Finds `%s`, `%r` and `%a` without a name in the `cmd` of a Chronos job.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA replaces date strings in the command with Python's `%` operator. It accepts one bare
    /// `%s` and puts the text of an internal object there, which differs each time: `date +%s`
    /// becomes `date +<paasta_tools...>`, and the job is updated for ever. A second one is refused.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   cmd: report --at $(date +%s)
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   cmd: report --at $(date +%%s)
    /// ```
    ///
    /// ## Fix safety
    ///
    /// The command that runs then has the `%s` as written.
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `chronos_tools:parse_time_variables` and `tron/tron_timeutils.py`;
    /// Yelp/paasta issue 1229.
    "cmd-bare-percent-s" in Schedule,
    level: Error,
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("cmd"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some((cmd, items)) = jobs::date_strings(cx, located) else { return };
    for item in items.iter().filter(|item| item.kind == ItemKind::Object).take(jobs::MOST) {
        let written = cmd.get(item.range.clone()).unwrap_or("");
        let (finding, inside) =
            cx.at_range(located, &item.range, format!("`{written}` in the command of a job"));
        let finding = finding
            .label("replaced by PaaSTA")
            .why(
                "PaaSTA puts the text of an internal object there, another one each time, or refuses the job",
            )
            .help(format!("write `%{written}`"));
        sink.report(match replace(inside, format!("%{written}")) {
            Some(edits) => finding.safe_fix("double the `%`", edits),
            None => finding,
        });
    }
}
