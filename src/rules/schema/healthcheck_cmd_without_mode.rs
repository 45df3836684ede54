//! Finds `healthcheck_cmd` without `healthcheck_mode`.

use crate::rules::{Check, Rule};
use crate::schema::explain::{Finding, Problem, ShapeCx};

pub(crate) static RULE: Rule = rule! {
    /// Finds `healthcheck_cmd` without `healthcheck_mode`.
    ///
    /// ## Why it matters
    ///
    /// The schema of paasta-tools 0.66 allows the command only beside a mode and refuses the file.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   healthcheck_cmd: /bin/true
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   healthcheck_mode: cmd
    ///   healthcheck_cmd: /bin/true
    /// ```
    ///
    /// ## Source
    ///
    /// The schema of paasta-tools 0.66.6.
    "healthcheck-cmd-without-mode" in Health,
    level: Off (Paasta066: Error),
    check: Check::Schema,
};

pub(crate) fn words(cx: &ShapeCx<'_>, problem: &Problem<'_>) -> Finding {
    cx.at(problem.value.span(), "`healthcheck_cmd` without a `healthcheck_mode`")
        .label("nothing says that it is to be used")
        .why("the schema of paasta-tools 0.66 refuses the command without a mode")
        .help("add `healthcheck_mode: cmd`, or delete the command")
}
