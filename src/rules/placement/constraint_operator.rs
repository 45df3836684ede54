//! Operators of constraints.

use crate::model::kind::FileKind;
use crate::model::placement::{ChronosOperator, MarathonOperator};
use crate::model::table::WordList;
use crate::rules::support::constraints::{Constraint, ConstraintList, lists};
use crate::rules::support::edits;
use crate::rules::support::words::{list as name_list, shown};
use crate::rules::{Check, Fixable, InstanceCx, On, Rule, Sink};
use crate::schema::check::What;
use crate::suggest;

pub(crate) static RULE: Rule = rule! {
    /// Finds constraint operators that Marathon or Chronos does not know.
    ///
    /// ## Why it matters
    ///
    /// Marathon refuses an app with an unknown operator. Chronos drops the constraint without a
    /// word, and the job runs anywhere: `GROUP_BY` or `UNIQUE`, copied from a Marathon file, do
    /// nothing there. Operators are written in capitals.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_constraints: [["habitat", "group_by", "3"]]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_constraints: [["habitat", "GROUP_BY", "3"]]
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Capitals are safe. Another word is offered as an unsafe fix.
    ///
    /// ## Source
    ///
    /// Marathon's and Chronos's documentation of constraints; the documentation of
    /// `extra_constraints` for Chronos.
    "constraint-operator" in Placement,
    level: Error,
    fix: Fixable::Sometimes,
    on: On::keys(&["constraints", "extra_constraints"]).within(&[FileKind::Marathon, FileKind::Chronos]),
    speaks_for: Some(|error| {
        matches!(error.problem.what, What::Word(_)) && error.is_within(&["constraints", "extra_constraints"])
    }),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let is_chronos = cx.instance.kind == FileKind::Chronos;
    let known = if is_chronos { &ChronosOperator::LIST } else { &MarathonOperator::LIST };
    for list in lists(cx) {
        for constraint in list.constraints() {
            if let Some(operator) = constraint.operator.filter(|operator| !has(known, operator)) {
                report(cx, &list, &constraint, operator, sink);
            }
        }
    }
}

fn has(list: &WordList, operator: &str) -> bool {
    list.words.iter().any(|word| word.text == operator)
}

fn report(
    cx: &InstanceCx<'_>,
    list: &ConstraintList<'_>,
    constraint: &Constraint<'_>,
    operator: &str,
    sink: &mut Sink<'_>,
) {
    let is_chronos = cx.instance.kind == FileKind::Chronos;
    let (known, framework, why) = if is_chronos {
        (
            &ChronosOperator::LIST,
            "Chronos",
            "Chronos drops the constraint without a word, and the job runs anywhere",
        )
    } else {
        (&MarathonOperator::LIST, "Marathon", "Marathon refuses the app, so the instance is not deployed")
    };
    let value = constraint.operator_value;
    let upper = operator.to_ascii_uppercase();
    let all = name_list(known.words.iter().map(|word| word.text), 10, " or ");
    let mut finding = cx
        .at_part(&list.located, value, format!("`{}` is no operator of {framework}", shown(operator)))
        .label("unknown operator")
        .why(why);
    let words = known.words.iter().map(|word| word.text);
    if has(known, &upper) {
        finding = finding.label("operators are written in capitals").help(format!("write `{upper}`"));
        if let Some(edits) = edits::replace(value, &upper) {
            finding = finding.safe_fix(format!("write `{upper}`"), edits);
        }
    } else if is_chronos && has(&MarathonOperator::LIST, &upper) {
        finding =
            finding.label("only Marathon knows it").help(format!("use {all}, or remove the constraint"));
    } else if let Some(meant) = suggest::nearest(operator, words) {
        finding = finding.help(format!("did you mean `{meant}`?"));
        if let Some(edits) = edits::replace(value, meant) {
            finding = finding.unsafe_fix(format!("write `{meant}`"), edits);
        }
    } else {
        finding = finding.help(format!("use {all}"));
    }
    sink.report(finding);
}
