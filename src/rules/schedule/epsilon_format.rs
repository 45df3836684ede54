//! Epsilons that are no duration.

use crate::model::kind::FileKind;
use crate::rules::inside::replace;
use crate::rules::{Check, Fixable, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::iso8601::{self, PeriodTrouble};

pub(crate) static RULE: Rule = rule! {
    /// Finds values of `epsilon` that are no ISO 8601 duration, or one that Chronos cannot read.
    ///
    /// ## Why it matters
    ///
    /// `epsilon` says how late a run may still start. PaaSTA refuses what is no duration; it
    /// accepts fractions of minutes and more, and durations written as a date, which Chronos
    /// refuses.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   epsilon: 30M
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   epsilon: PT30M
    ///   cmd: run
    /// ```
    ///
    /// ## Fix safety
    ///
    /// A missing `T`, a plus sign and fractions have one possible meaning; a missing `PT` is a
    /// guess.
    ///
    /// ## Source
    ///
    /// The documentation of `epsilon`; paasta-tools 0.66.6 `chronos_tools:check_epsilon`; Joda time
    /// 2.3 in Chronos.
    "epsilon-format" in Schedule,
    level: Error,
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("epsilon"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(epsilon) = located.value.as_str() else { return };
    let Err(problem) = iso8601::period(epsilon) else { return };
    let (label, repaired, certain) = match problem.kind {
        PeriodTrouble::Malformed(repaired) => ("no ISO 8601 duration", repaired, false),
        PeriodTrouble::NoT(repaired) => {
            ("hours, minutes and seconds stand after a `T`", Some(repaired), true)
        }
        PeriodTrouble::Fraction(exact) => ("Chronos accepts fractions of seconds only", exact, true),
        PeriodTrouble::DateTime => ("a date is no duration to Chronos", None, false),
        PeriodTrouble::TooLong => ("no reader can hold this number", None, false),
        PeriodTrouble::Signed if epsilon.starts_with('+') => {
            ("a duration has no sign", epsilon.get(1..).map(str::to_owned), true)
        }
        PeriodTrouble::Signed => return,
    };
    let repaired = repaired.or_else(|| seconds(epsilon));
    let (finding, inside) = cx.at_range(
        located,
        &(0..epsilon.len()),
        format!("`{}` is no duration that can be used", jobs::shown(epsilon)),
    );
    let finding = finding.label(label).why("PaaSTA or Chronos refuses the job");
    sink.report(match repaired {
        Some(repaired) => {
            let finding = finding.help(format!("write `{repaired}`"));
            match replace(inside, repaired) {
                Some(edits) if certain => finding.safe_fix("write it as a duration", edits),
                Some(edits) => finding.unsafe_fix("write it as a duration", edits),
                None => finding,
            }
        }
        None => finding.help("write `PT` and hours, minutes or seconds: `PT15M`"),
    });
}

/// `60` as sixty seconds.
fn seconds(text: &str) -> Option<String> {
    let is_number = (1..=6).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| format!("PT{text}S"))
}
