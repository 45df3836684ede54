//! Schedules that are neither cron nor a repeating interval.

use crate::diagnostic::Finding;
use crate::model::kind::FileKind;
use crate::rules::inside::{Inside, replace};
use crate::rules::{Check, Fixable, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::iso8601::{self, Parts, PeriodTrouble, StartTrouble};
use crate::schedule::{Form, form};

pub(crate) static RULE: Rule = rule! {
    /// Finds schedules that are neither a cron expression nor an ISO 8601 repeating interval.
    ///
    /// ## Why it matters
    ///
    /// `schedule` takes five cron fields (`0 3 * * *`) or `R[n]/start/period`
    /// (`R/2017-01-01T03:00:00Z/P1D`). PaaSTA refuses everything else, and where its check reads
    /// only the beginning of a text, Chronos refuses the rest: the job is not created, or not
    /// updated any more.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: R/2017-01-01T03:00:00Z/1D
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: R/2017-01-01T03:00:00Z/P1D
    ///   cmd: run
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Only `R/` in front of an otherwise right interval is safe; all other repairs guess what was
    /// meant.
    ///
    /// ## Source
    ///
    /// The documentation of `schedule`; paasta-tools 0.66.6 `chronos_tools:check_schedule`; Chronos
    /// 2.5.0 `Iso8601Expressions`.
    "schedule-syntax" in Schedule,
    level: Error,
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule"), check),
};

const WHY: &str = "PaaSTA or Chronos refuses the schedule: the job is not created, and not updated any more";

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(schedule) = located.value.as_str() else { return };
    match form(schedule) {
        Form::Cron => {}
        Form::Neither => sink.report(
            cx.at_value(located, format!("`{}` is no schedule", jobs::shown(schedule)))
                .label("neither cron nor a repeating interval")
                .why(WHY)
                .help(jobs::FORMS),
        ),
        Form::Repeating => match Parts::of(schedule) {
            None => sink.report(parts(cx, located, schedule)),
            Some(found) => {
                start(cx, located, schedule, &found, sink);
                period(cx, located, schedule, &found, sink);
            }
        },
    }
}

/// Too few parts, or too many.
fn parts(cx: &InstanceCx<'_>, located: &Located<'_>, schedule: &str) -> Finding {
    let count = schedule.split('/').count();
    let finding = cx
        .at_value(located, format!("the schedule has {count} of the three parts `R/start/period`"))
        .label(if count < 3 { "a part is missing" } else { "there are too many `/`" })
        .why(WHY)
        .help("write how often (`R` for ever), when first, and how long between two runs: `R/2017-01-01T03:00:00Z/P1D`");
    let rest = format!("R/{schedule}");
    let is_whole = Parts::of(&rest)
        .is_some_and(|p| iso8601::start(p.start).is_ok() && iso8601::period(p.period).is_ok());
    let front = Inside::of(located.value, &(0..schedule.len()));
    match replace(front, rest) {
        Some(edits) if is_whole => finding.safe_fix("put `R/` in front: repeat for ever", edits),
        _ => finding,
    }
}

fn start(cx: &InstanceCx<'_>, located: &Located<'_>, schedule: &str, found: &Parts<'_>, sink: &mut Sink<'_>) {
    let Err(problem) = iso8601::start(found.start) else { return };
    if problem.kind != StartTrouble::Malformed {
        return;
    }
    let whole = jobs::start_range(found);
    let range = whole.start + problem.range.start..whole.start + problem.range.end;
    let wrong = schedule.get(range.clone()).unwrap_or("");
    let message = if range == whole {
        format!("`{}` is no date and time", jobs::shown(wrong))
    } else {
        format!("`{}` does not fit into the start of the schedule", jobs::shown(wrong))
    };
    sink.report(
        cx.at_range(located, &range, message).0.label("this is the start").why(WHY).help(
            "write the start as `2017-01-31T03:00:00Z`; a zone by name belongs into `schedule_time_zone`",
        ),
    );
}

fn period(
    cx: &InstanceCx<'_>,
    located: &Located<'_>,
    schedule: &str,
    found: &Parts<'_>,
    sink: &mut Sink<'_>,
) {
    let Err(problem) = iso8601::period(found.period) else { return };
    let (label, repaired) = match problem.kind {
        PeriodTrouble::Malformed(repaired) => ("this is the time between two runs", repaired),
        PeriodTrouble::NoT(repaired) => ("hours, minutes and seconds stand after a `T`", Some(repaired)),
        PeriodTrouble::Signed if found.period.starts_with('+') => {
            ("a period has no sign", found.period.get(1..).map(str::to_owned))
        }
        PeriodTrouble::TooLong => ("no reader can hold this number", None),
        PeriodTrouble::Signed | PeriodTrouble::Fraction(_) | PeriodTrouble::DateTime => return,
    };
    let range = jobs::period_range(found);
    if schedule.ends_with('\n') && iso8601::period(found.period.trim_end()).is_ok() {
        let finding = cx.at_value(located, "the schedule ends in a line break");
        return sink.report(
            finding
                .label("`|` and `>` keep the line break at the end")
                .why("PaaSTA overlooks it, Chronos does not: it refuses the schedule")
                .help("write the schedule in quotes on one line, or use `>-`"),
        );
    }
    let (finding, inside) =
        cx.at_range(located, &range, format!("`{}` is no ISO 8601 period", jobs::shown(found.period)));
    let finding = finding.label(label).why(WHY);
    sink.report(match repaired {
        Some(repaired) => {
            let finding = finding.help(format!("write `{repaired}`"));
            match replace(inside, repaired) {
                Some(edits) => finding.unsafe_fix("write it as a period", edits),
                None => finding,
            }
        }
        None => finding
            .help("write `P`, then days, then `T` and hours, minutes, seconds: `P1D`, `PT12H`, `PT30M`"),
    });
}
