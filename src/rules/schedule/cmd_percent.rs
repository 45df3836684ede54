//! Percent signs in the command of a job.

use crate::model::kind::FileKind;
use crate::rules::inside::{Inside, replace};
use crate::rules::{Check, Fixable, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::tron::{Item, ItemKind};

pub(crate) static RULE: Rule = rule! {
    /// Finds percent signs in the `cmd` of a Chronos job that are neither doubled nor part of a
    /// date string.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA replaces date strings such as `%(shortdate)s` in the command, with Python's `%`
    /// operator. That takes every `%` for the beginning of such a string: `date +%Y` or `50%` is
    /// refused. `%%` stands for one percent sign.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   cmd: report --day $(date +%Y-%m-%d)
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   cmd: report --day $(date +%%Y-%%m-%%d)
    /// ```
    ///
    /// ## Fix safety
    ///
    /// The command that runs then has the percent signs as written; without it nothing runs.
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `chronos_tools:parse_time_variables` and `tron/tron_timeutils.py`:
    /// `check_cmd` refuses a command that cannot be interpolated.
    "cmd-percent" in Schedule,
    level: Error,
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("cmd"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some((cmd, items)) = jobs::date_strings(cx, located) else { return };
    single(cx, located, &items, sink);
    for item in items.iter().filter(|item| item.kind == ItemKind::BadConversion).take(jobs::MOST) {
        let written = cmd.get(item.range.clone()).unwrap_or("");
        let (finding, inside) =
            cx.at_range(located, &item.range, format!("`{}` needs an `s` after it", jobs::shown(written)));
        let finding =
            finding.label("not followed by `s`").why(WHY).help(format!("write `{}s`", jobs::shown(written)));
        let stands_alone = !cmd
            .get(item.range.end..)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
        sink.report(match replace(inside, format!("{written}s")).filter(|_| stands_alone) {
            Some(edits) => finding.safe_fix("add the `s`", edits),
            None => finding,
        });
    }
}

const WHY: &str = "PaaSTA cannot make a command of it and refuses the job";

/// One finding for all single percent signs: they have one cause, and one repair.
fn single(cx: &InstanceCx<'_>, located: &Located<'_>, items: &[Item], sink: &mut Sink<'_>) {
    let mut strays = items.iter().filter(|item| item.kind == ItemKind::Stray);
    let Some(first) = strays.next() else { return };
    let more = strays.clone().count();
    let message = match more {
        0 => "a single `%` in the command of a job".to_owned(),
        _ => format!("{} single `%` in the command of a job", more + 1),
    };
    let (mut finding, inside) = cx.at_range(located, &first.range, message);
    finding = finding
        .label("begins a date string for PaaSTA")
        .why(WHY)
        .help("write `%%` for a percent sign; dates that PaaSTA fills in look like `%(shortdate)s`")
        .identity("single percent signs");
    // Beyond that many it is no command but a text of another kind.
    let mut edits = replace(inside, "%%").filter(|_| more < 5 * jobs::MOST);
    for (index, item) in strays.take(5 * jobs::MOST).enumerate() {
        let inside = Inside::of(located.value, &item.range);
        edits = edits.zip(replace(inside, "%%")).map(|(mut edits, more)| {
            edits.extend(more);
            edits
        });
        // The first few show the pattern.
        if inside.exact && index < 9 {
            finding = finding.related(located.document.place(inside.span), "and here");
        }
    }
    sink.report(match edits {
        Some(edits) => finding.safe_fix("double each `%`", edits),
        None => finding,
    });
}
