//! Extensions of cron that Chronos does not know.

use crate::model::kind::FileKind;
use crate::rules::inside::replace;
use crate::rules::{Check, Fixable, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::cron::{self, Trouble};

pub(crate) static RULE: Rule = rule! {
    /// Finds cron schedules that PaaSTA's check lets pass and Chronos refuses: `@daily`, `daily`, a
    /// single field, empty text, `<` and `>`.
    ///
    /// ## Why it matters
    ///
    /// The documentation says that extensions of cron are not supported. `paasta validate` accepts
    /// these all the same; then Chronos refuses the job, and PaaSTA's check of the job's state
    /// fails on the schedule.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: "@daily"
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: "0 0 * * *"
    ///   cmd: run
    /// ```
    ///
    /// ## Fix safety
    ///
    /// The fields that a nickname stands for mean the same. A single field is taken for the minute,
    /// as PaaSTA does, which is a guess.
    ///
    /// ## Source
    ///
    /// The documentation of `schedule`; paasta-tools 0.66.6 `chronos_tools:check_schedule` with
    /// python-crontab 2.1.1; cron-utils 5.0.1, with which Chronos reads cron.
    "cron-extension" in Schedule,
    level: Error,
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule"), check),
};

const WHY: &str = "`paasta validate` accepts it, but Chronos refuses the job";

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(schedule) = jobs::cron(located) else { return };
    let Err(problems) = cron::parse(schedule) else { return };
    for problem in problems {
        let wrong = schedule.get(problem.range.clone()).unwrap_or("");
        let (label, message, replacement, certain) = match problem.kind {
            Trouble::Empty => ("empty", "the schedule is empty".to_owned(), None, false),
            Trouble::Nickname(fields) => (
                "an extension of cron",
                format!("Chronos does not know `{}`", jobs::shown(wrong)),
                fields.map(str::to_owned),
                true,
            ),
            Trouble::UnknownNickname => {
                ("an extension of cron", format!("`{}` is no cron schedule", jobs::shown(wrong)), None, false)
            }
            Trouble::OneField => (
                "one field",
                format!("the schedule `{}` has one field instead of five", jobs::shown(wrong)),
                Some(format!("{wrong} * * * *")),
                false,
            ),
            Trouble::Extreme(value) => (
                "an extension of cron",
                format!("Chronos does not know `{wrong}`"),
                Some(value.to_string()),
                true,
            ),
            _ => continue,
        };
        let (finding, inside) = cx.at_range(located, &problem.range, message);
        let finding = finding.label(label).why(WHY);
        sink.report(match replacement {
            Some(replacement) => {
                let finding = finding.help(format!("write `{}`", jobs::shown(&replacement)));
                match replace(inside, replacement) {
                    Some(edits) if certain => finding.safe_fix("write it as plain cron", edits),
                    Some(edits) => finding.unsafe_fix("take it for the minute", edits),
                    None => finding,
                }
            }
            None => {
                finding.help("write minute, hour, day of the month, month and day of the week: `0 3 * * *`")
            }
        });
    }
}
