//! Finds equal items in a list whose items must differ.

use crate::rules::{Check, Fixable, Rule};
use crate::schema::check::Step;
use crate::schema::explain::{Finding, Problem, ShapeCx};
use crate::yaml::{Value, edit};

pub(crate) static RULE: Rule = rule! {
    /// Finds equal items in a list whose items must differ.
    ///
    /// ## Why it matters
    ///
    /// `paasta validate` refuses the file. Python decides what is equal: 1 equals 1.0, and the
    /// order of keys does not matter.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   registrations: [example.main, example.main]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   registrations: [example.main]
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: the list says the same without the second one.
    ///
    /// ## Source
    ///
    /// The schemas of paasta-tools 0.66.6 (`cli/schemas`); the documentation of each key.
    "duplicate-item" in Schema,
    level: Error,
    fix: Fixable::Sometimes,
    supersedes: &["registration-target-missing"],
    check: Check::Schema,
};

pub(crate) fn words(cx: &ShapeCx<'_>, problem: &Problem<'_>, first: Value<'_>) -> Finding {
    let list: Vec<Step<'_>> = problem.path.split_last().map_or_else(Vec::new, |(_, list)| list.to_vec());
    let place = cx.place(&Problem { path: list, ..problem.clone() });
    let finding = cx
        .at_value(problem, format!("the same item is in {place} twice"))
        .label("again")
        .related(cx.document.place(first.span()), "the first one")
        .why("PaaSTA's schema demands that the items differ")
        .help("remove one of them");
    let edits = problem.holder.and_then(|list| edit::remove_item(list, problem.value));
    finding.safe_fix("remove the second one", edits)
}
