//! Finds numbers that are too small or too large for their key.

use crate::model::table::Range;
use crate::rules::{Check, Rule};
use crate::schema::check::is_odd;
use crate::schema::explain::{Finding, Problem, ShapeCx};
use crate::schema::words::{self, Surprise};

pub(crate) static RULE: Rule = rule! {
    /// Finds numbers that are too small or too large for their key.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA, Marathon, HAProxy or the kernel refuse the value.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpus: 0
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpus: 0.1
    /// ```
    ///
    /// ## Source
    ///
    /// The schemas of paasta-tools 0.66.6 (`cli/schemas`); the documentation of each key. Limits of
    /// Marathon 1.4 and of the Linux kernel where those are narrower.
    "value-out-of-range" in Schema,
    level: Error,
    check: Check::Schema,
};

pub(crate) fn words(cx: &ShapeCx<'_>, problem: &Problem<'_>, range: &Range) -> Finding {
    let place = cx.place(problem);
    let unit = problem.key.map_or("", |key| key.unit);
    let limits = range.words(unit);
    let value = problem.value;
    let label = match Surprise::of(value).filter(|_| is_odd(value)) {
        Some(surprise) => surprise.clause(value),
        None => format!("{} {unit}", words::excerpt(&value.repr())).trim_end().to_owned(),
    };
    let why = if range.because.is_empty() { cx.refusal(problem) } else { range.because };
    cx.at_value(problem, format!("{place} must be {limits}"))
        .label(label)
        .why(why)
        .help(format!("write a number that is {limits}"))
}
