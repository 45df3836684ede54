//! Values that a cron field cannot have.

use crate::diagnostic::Severity;
use crate::model::kind::FileKind;
use crate::rules::inside::replace;
use crate::rules::{Check, Fixable, InstanceCx, Level, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::cron::{self, Trouble};

pub(crate) static RULE: Rule = rule! {
    /// Finds numbers, names, steps and ranges in a cron schedule that the field cannot have.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA refuses a number outside the field's bounds, an unknown name and a step of 0 or of
    /// the field's greatest value or more (`*/59`, which crontab(5) allows). A range that runs backwards (`22-4`) passes its check,
    /// but then PaaSTA cannot work out when the job is due, and Chronos refuses it.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 24 * * *
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 0 * * *
    ///   cmd: run
    /// ```
    ///
    /// ## Fix safety
    ///
    /// What was meant is a guess, however probable.
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `chronos_tools:check_schedule` with python-crontab 2.1.1; croniter
    /// 0.3.14, with which PaaSTA works out when a job is due.
    "cron-range" in Schedule,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("schedule"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(schedule) = jobs::cron(located) else { return };
    let Err(problems) = cron::parse(schedule) else { return };
    for problem in problems {
        let wrong = schedule.get(problem.range.clone()).unwrap_or("");
        let Some(words) = words(&problem.kind, &jobs::shown(wrong)) else { continue };
        let is_allowed =
            matches!(problem.kind, Trouble::GreatestStep(_)) && cx.env.dialect.greatest_cron_step;
        let (finding, inside) = cx.at_range(located, &problem.range, words.message);
        let finding = finding.label(words.label).why(words.why).help(words.help);
        let finding = if is_allowed { finding.severity(Severity::Warning) } else { finding };
        sink.report(match words.replacement.and_then(|text| replace(inside, text)) {
            Some(edits) => finding.unsafe_fix("write what was probably meant", edits),
            None => finding,
        });
    }
}

/// What is left of `*` with the greatest step.
fn picked(field: &cron::Field) -> String {
    match field.max.checked_sub(field.min) {
        Some(distance) if distance == field.max => format!("`{},{}`", field.min, field.max),
        _ => format!("only `{}`", field.min),
    }
}

struct Words {
    message: String,
    label: String,
    why: &'static str,
    help: String,
    replacement: Option<String>,
}

fn words(trouble: &Trouble, wrong: &str) -> Option<Words> {
    let (message, label, help, replacement) = match trouble {
        Trouble::Number(field) => (
            format!("`{wrong}` is out of range"),
            format!("the {} goes from {} to {}", field.name, field.min, field.max),
            format!("use a number from {} to {}", field.min, field.max),
            None,
        ),
        Trouble::Name(field, meant) => (
            format!("`{wrong}` is no {}", field.name),
            format!("unknown {}", field.name),
            match (meant, field.names.is_empty()) {
                (Some(meant), _) => format!("write `{meant}`: names have three letters"),
                (None, true) => format!("use a number from {} to {}", field.min, field.max),
                (None, false) => {
                    format!("use a number or a name of three letters: {}", field.names.join(", "))
                }
            },
            meant.map(str::to_owned),
        ),
        Trouble::Step(field) => (
            format!("`{wrong}` is no step of the {}", field.name),
            format!("steps go from 1 to {}", field.max - 1),
            format!("use a step from 1 to {}", field.max - 1),
            None,
        ),
        Trouble::GreatestStep(field) => {
            return Some(Words {
                message: format!("PaaSTA 0.66 takes `{wrong}` for no step of the {}", field.name),
                label: format!("its steps go from 1 to {}", field.max - 1),
                why: "crontab(5) and Chronos allow it, but `paasta validate` refuses the job",
                help: format!("a step of {wrong} picks {}: write those", picked(field)),
                replacement: None,
            });
        }
        Trouble::StepWithoutRange(range) => (
            format!("`{wrong}` has a step, but no range"),
            "a step needs a range or `*` before it".to_owned(),
            format!("write `{range}`"),
            Some(range.clone()),
        ),
        Trouble::Reversed(field, written) => {
            return Some(Words {
                message: format!("the range `{wrong}` runs backwards"),
                label: format!("the first {} is after the last", field.name),
                why: "`paasta validate` accepts it, but then PaaSTA fails to work out when the job is due, and Chronos refuses it",
                help: match written {
                    Some(written) => format!("write `{written}`: Sunday is 7, too"),
                    None => format!("split it into two: `a-{},{}-b`", field.max, field.min),
                },
                replacement: written.clone(),
            });
        }
        Trouble::Malformed(field) => (
            if wrong.is_empty() {
                format!("there is nothing between two commas of the {}", field.name)
            } else {
                format!("`{wrong}` is no {}", field.name)
            },
            format!("this is the {}", field.name),
            "write `*`, numbers, ranges `a-b` and steps `*/n`, with commas between".to_owned(),
            None,
        ),
        _ => return None,
    };
    Some(Words { message, label, why: "PaaSTA refuses the job", help, replacement })
}
