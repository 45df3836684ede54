//! Cron of other schedulers.

use crate::model::kind::FileKind;
use crate::rules::inside::replace;
use crate::rules::{Check, Fixable, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::cron::{self, Trouble};

pub(crate) static RULE: Rule = rule! {
    /// Finds cron fields in the syntax of Quartz or Jenkins: `?`, `L`, `W`, `#`, `H`.
    ///
    /// ## Why it matters
    ///
    /// Neither PaaSTA nor Chronos knows them; PaaSTA refuses the job.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: "0 3 ? * *"
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: "0 3 * * *"
    ///   cmd: run
    /// ```
    ///
    /// ## Fix safety
    ///
    /// `?` means the same as `*` where it is allowed.
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `chronos_tools:check_schedule` with python-crontab 2.1.1.
    "cron-quartz" in Schedule,
    level: Error,
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(schedule) = jobs::cron(located) else { return };
    let Err(problems) = cron::parse(schedule) else { return };
    for problem in problems {
        if problem.kind != Trouble::Quartz {
            continue;
        }
        let wrong = schedule.get(problem.range.clone()).unwrap_or("");
        let (finding, inside) =
            cx.at_range(located, &problem.range, format!("`{}` is no plain cron", jobs::shown(wrong)));
        let finding = finding.label("syntax of another scheduler").why("PaaSTA refuses the job");
        sink.report(match wrong {
            "?" => {
                let finding = finding.help("write `*`");
                match replace(inside, "*") {
                    // `*` at the front of an unquoted value would be an alias.
                    Some(edits) if problem.range.start > 0 => finding.safe_fix("write `*`", edits),
                    _ => finding,
                }
            }
            _ => finding.help(meaning(wrong)),
        });
    }
}

/// What to do instead.
fn meaning(part: &str) -> &'static str {
    match part.as_bytes() {
        [b'H' | b'h', ..] => "choose a number yourself: `H` lets Jenkins choose one",
        [.., b'W' | b'w'] => {
            "cron knows no nearest weekday: let the job run each day and check the date in its command"
        }
        _ => "cron knows no last or nth day: let the job run each day and check the date in its command",
    }
}
