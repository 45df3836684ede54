//! The form of constraints.

use crate::diagnostic::Severity;
use crate::model::kind::FileKind;
use crate::model::placement::{ChronosOperator, MarathonOperator};
use crate::rules::support::constraints::{ConstraintList, lists};
use crate::rules::support::edits;
use crate::rules::{Check, Fixable, InstanceCx, Level, On, Rule, Sink};
use crate::schema::check::What;
use crate::yaml::{Kind, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds constraints that are not a list of lists of field, operator and value.
    ///
    /// ## Why it matters
    ///
    /// Each constraint is a list by itself, so the whole is a list of lists, even with a single
    /// constraint. For Marathon it has two or three items; Chronos wants exactly three. Anything
    /// else is refused when the instance is deployed.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_constraints: ["hostname", "UNIQUE"]
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
    /// Brackets around a single constraint are safe: nothing else can have been meant.
    ///
    /// ## Source
    ///
    /// The documentation of `constraints`: "an array of arrays"; Marathon's and Chronos's
    /// documentation of constraints.
    "constraint-shape" in Placement,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    on: On::keys(&["constraints", "extra_constraints"]).within(&[FileKind::Marathon, FileKind::Chronos]),
    speaks_for: Some(|error| {
        let is_shape = matches!(error.problem.what, What::Type(_) | What::Flat(..) | What::Length(_));
        is_shape && error.is_within(&["constraints", "extra_constraints"])
    }),
    check: Check::Instance(check),
};

const WHY: &str = "PaaSTA refuses the file, or the instance fails when it is deployed";

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    for list in lists(cx) {
        if is_flat(list.located.value) {
            flat(cx, &list, sink);
            continue;
        }
        for item in list.located.value.items() {
            if item.kind() == Kind::Seq {
                if length(cx, &list, item, sink) {
                    parts(cx, &list, item, sink);
                }
            } else {
                sink.report(
                    cx.at_part(&list.located, item, "each constraint must be a list")
                        .label("this is no list")
                        .why(WHY)
                        .help("write field, operator and value in brackets: `[\"hostname\", \"UNIQUE\"]`")
                        .covers(item.span()),
                );
            }
        }
    }
}

/// Whether the brackets of the outer list are missing.
fn is_flat(list: Value<'_>) -> bool {
    let is_scalar = |item: Value<'_>| !matches!(item.kind(), Kind::Seq | Kind::Map | Kind::Set);
    list.len() >= 2 && list.items().all(is_scalar)
}

fn flat(cx: &InstanceCx<'_>, list: &ConstraintList<'_>, sink: &mut Sink<'_>) {
    let value = list.located.value;
    let key = list.located.key.text();
    let mut finding = cx
        .at_value(&list.located, format!("`{key}` must be a list of constraints, each a list itself"))
        .label("the outer brackets are missing")
        .why(WHY)
        .help("put one more pair of brackets around it: `[[..]]`")
        .covers(value.span());
    let is_one = matches!(value.len(), 2 | 3) && value.items().nth(1).is_some_and(is_operator);
    if let Some(edits) = edits::wrap(value).filter(|_| is_one) {
        finding = finding.safe_fix("add the outer brackets", edits);
    }
    sink.report(finding);
}

fn is_operator(value: Value<'_>) -> bool {
    let words = MarathonOperator::LIST.words.iter().chain(ChronosOperator::LIST.words);
    value.as_str().is_some_and(|text| words.into_iter().any(|word| word.text.eq_ignore_ascii_case(text)))
}

/// Reports a wrong number of items; whether there are as many as there should be.
fn length(cx: &InstanceCx<'_>, list: &ConstraintList<'_>, item: Value<'_>, sink: &mut Sink<'_>) -> bool {
    let is_chronos = cx.instance.kind == FileKind::Chronos;
    let count = item.len();
    let (fits, wanted) = if is_chronos {
        (count == 3, "a constraint of Chronos has three items: field, operator and value")
    } else {
        (matches!(count, 2 | 3), "a constraint has two or three items: field, operator and maybe a value")
    };
    // An operator that Chronos does not have is the better finding.
    let has_foreign_operator = || {
        let operator = item.items().nth(1).and_then(Value::as_str);
        is_chronos && operator.is_some_and(|o| !ChronosOperator::LIST.words.iter().any(|word| word.text == o))
    };
    if fits || (count == 2 && has_foreign_operator()) {
        return fits;
    }
    sink.report(
        cx.at_part(&list.located, item, format!("{wanted}; this one has {count}"))
            .label(match count {
                0 => "nothing",
                1 => "one item",
                2 => "the value is missing",
                _ => "too many items",
            })
            .why(WHY)
            .help("put each constraint into brackets of its own")
            .covers(item.span()),
    );
    false
}

/// Reports parts that cannot be what they should be. Of `extra_constraints` PaaSTA makes strings, so
/// there only what has no sense as a string is reported.
fn parts(cx: &InstanceCx<'_>, list: &ConstraintList<'_>, item: Value<'_>, sink: &mut Sink<'_>) {
    let is_collection = |part: Value<'_>| matches!(part.kind(), Kind::Seq | Kind::Map | Kind::Set);
    for (index, part) in item.items().enumerate() {
        let is_wrong = match index {
            _ if part.kind() == Kind::Str => false,
            0 => list.is_explicit || is_collection(part),
            1 => true,
            // Numbers in `constraints` have a rule of their own.
            _ => {
                is_collection(part)
                    || (list.is_explicit && matches!(part.kind(), Kind::Date | Kind::DateTime))
            }
        };
        if !is_wrong {
            continue;
        }
        let noun = ["field", "operator"].get(index).unwrap_or(&"value");
        let mut finding = cx
            .at_part(&list.located, part, format!("the {noun} of a constraint must be a string"))
            .label("this is no string")
            .help("put it between quotes, or write what was meant");
        finding = if list.is_explicit || index == 1 {
            finding.why(WHY)
        } else {
            finding
                .why("PaaSTA turns it into the text that Python would print, which matches nothing")
                .severity(Severity::Warning)
        };
        sink.report(finding);
    }
}
