//! Values of constraints.

use crate::diagnostic::{Edit, Finding, Severity};
use crate::model::kind::FileKind;
use crate::rules::support::constraints::{Constraint, ConstraintList, Sent, lists, pattern_problem};
use crate::rules::support::words::shown;
use crate::rules::{Check, Fixable, InstanceCx, Level, On, Rule, Sink};
use crate::source::Span;
use crate::yaml::{Style, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds constraints whose value does not fit their operator.
    ///
    /// ## Why it matters
    ///
    /// `UNIQUE` takes no value; `CLUSTER`, `LIKE`, `UNLIKE`, `MAX_PER` and Chronos's `EQUALS` need
    /// one; `GROUP_BY` and `MAX_PER` count, so theirs is a whole number; the value of `LIKE` and
    /// `UNLIKE` is a regular expression. What does not fit is refused, and the instance is not
    /// deployed.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_constraints: [["hostname", "UNIQUE", "true"]]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_constraints: [["hostname", "UNIQUE"]]
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Removing the value of `UNIQUE` is safe: it has no meaning.
    ///
    /// ## Source
    ///
    /// Marathon's and Chronos's documentation of constraints.
    "constraint-value" in Placement,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    on: On::keys(&["constraints", "extra_constraints"]).within(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let is_chronos = cx.instance.kind == FileKind::Chronos;
    for list in lists(cx) {
        for constraint in list.constraints().filter(|constraint| constraint.item.len() <= 3) {
            let Some(operator) = constraint.operator else { continue };
            let finding = match (operator, is_chronos) {
                ("UNIQUE", false) => unique(cx, &list, &constraint),
                ("GROUP_BY", false) => count(cx, &list, &constraint, operator),
                ("MAX_PER", false) => missing(cx, &list, &constraint, operator)
                    .or_else(|| count(cx, &list, &constraint, operator)),
                ("CLUSTER", false) | ("EQUALS", true) => missing(cx, &list, &constraint, operator),
                ("LIKE" | "UNLIKE", _) => {
                    missing(cx, &list, &constraint, operator).or_else(|| pattern(cx, &list, &constraint))
                }
                _ => None,
            };
            if let Some(finding) = finding {
                let why = if is_chronos {
                    "Chronos refuses the job"
                } else {
                    "Marathon refuses the app, so the instance is not deployed"
                };
                sink.report(if finding.why.is_empty() { finding.why(why) } else { finding });
            }
        }
    }
}

fn unique(cx: &InstanceCx<'_>, list: &ConstraintList<'_>, constraint: &Constraint<'_>) -> Option<Finding> {
    let value = constraint.value.filter(|value| matches!(list.sent(*value), Sent::Text(_)))?;
    let mut finding = cx
        .at_part(&list.located, value, "`UNIQUE` takes no value")
        .label("this has no meaning")
        .help("remove the value");
    if let Some(edit) = removal(constraint, value) {
        finding = finding.safe_fix("remove the value", vec![edit]);
    }
    Some(finding)
}

/// Removes the last item of a flow list, with the comma before it.
fn removal(constraint: &Constraint<'_>, value: Value<'_>) -> Option<Edit> {
    let before = constraint.operator_value;
    let is_simple = constraint.item.style() == Style::Flow && !value.is_alias() && !before.is_alias();
    let span = Span::new(before.span().end, value.span().end);
    let between = Span::new(before.span().end, value.span().start).of(value.tree().text());
    (is_simple && between.trim() == ",").then(|| Edit { span, text: String::new() })
}

fn missing(
    cx: &InstanceCx<'_>,
    list: &ConstraintList<'_>,
    constraint: &Constraint<'_>,
    operator: &str,
) -> Option<Finding> {
    // For Chronos the number of items is wrong, which is another finding.
    if constraint.value.is_none() && cx.instance.kind == FileKind::Chronos {
        return None;
    }
    let label = match constraint.value {
        None => "there is no third item",
        Some(value) if matches!(list.sent(value), Sent::Nothing) => {
            "the third item is empty, so it is left out"
        }
        Some(value) if value.is_null() => "the third item is null, which becomes the text `None`",
        Some(_) => return None,
    };
    let help = match operator {
        "MAX_PER" => "add how many tasks each value may have, as a string: `\"2\"`",
        "LIKE" | "UNLIKE" => "add a regular expression for the whole value of the field",
        _ => "add the value that the field must have",
    };
    let finding = cx
        .at_part(&list.located, constraint.operator_value, format!("`{operator}` needs a value"))
        .label(label)
        .help(help);
    // A text `None` is accepted; it only matches nothing.
    let is_text_none =
        operator != "MAX_PER" && constraint.value.is_some_and(Value::is_null) && !list.is_explicit;
    Some(if is_text_none {
        finding.why("no host has that value, so tasks wait for ever").severity(Severity::Warning)
    } else {
        finding
    })
}

fn count(
    cx: &InstanceCx<'_>,
    list: &ConstraintList<'_>,
    constraint: &Constraint<'_>,
    operator: &str,
) -> Option<Finding> {
    let value = constraint.value?;
    let Sent::Text(sent) = list.sent(value) else { return None };
    if sent.parse::<i32>().is_ok() {
        return None;
    }
    let what =
        if operator == "GROUP_BY" { "how many groups there are" } else { "how many tasks each may have" };
    Some(
        cx.at_part(
            &list.located,
            value,
            format!("`{operator}` counts, and `{}` is no whole number", shown(&sent)),
        )
        .label(format!("{what}: a whole number as a string"))
        .help("write a whole number between quotes, such as `\"3\"`"),
    )
}

fn pattern(cx: &InstanceCx<'_>, list: &ConstraintList<'_>, constraint: &Constraint<'_>) -> Option<Finding> {
    let value = constraint.value?;
    let problem = pattern_problem(value.as_str()?)?;
    let operator = constraint.operator.unwrap_or_default();
    Some(
        cx.at_part(&list.located, value, format!("this is no regular expression: {problem}"))
            .label("cannot be compiled")
            .help(format!(
                "`{operator}` compares the whole value of the field with a regular expression; repair it"
            )),
    )
}
