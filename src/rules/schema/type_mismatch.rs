//! Finds values of another type than their key has.

use crate::diagnostic::{Finding, FixSafety};
use crate::model::table::Shape;
use crate::rules::{Check, Fixable, Level, Rule};
use crate::schema::explain::{Problem, ShapeCx, advice, takes_text, wants_text, words};
use crate::yaml::{Kind, Style, Value, edit};

pub(crate) static RULE: Rule = rule! {
    /// Finds values of another type than their key has.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA checks types strictly: `"1"` is no number, `3.0` is no whole number, `--verbose` is
    /// no list. It refuses the whole file, or a tool fails later.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpus: "0.5"
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpus: 0.5
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Taking the quotes off a number or a boolean, dropping `.0`, putting a text in quotes, and making
    /// a list of one word are safe: the type that is wanted leaves only one meaning. What may have been
    /// meant as several items is unsafe.
    ///
    /// ## Source
    ///
    /// The schemas of paasta-tools 0.66.6 (`cli/schemas`); the documentation of each key.
    "type-mismatch" in Schema,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    check: Check::Schema,
};

/// A value of another type.
pub(crate) fn words(cx: &ShapeCx<'_>, problem: &Problem<'_>, shape: &Shape, demand: &str) -> Finding {
    let value = problem.value;
    let noun = match value.kind() {
        Kind::Float => "a number with a fraction",
        _ => words::noun(value),
    };
    let finding = cx
        .at_value(problem, format!("{demand}, not {noun}"))
        .label(format!("{noun} here"))
        .why(cx.refusal(problem));
    type_help(cx, finding, problem, shape, &shape.words(cx.dialect, cx.kind))
}

/// Something else than a mapping where an instance, job or namespace is expected.
pub(crate) fn no_entry(cx: &ShapeCx<'_>, problem: &Problem<'_>, name: &str, shape: &Shape) -> Finding {
    let noun = words::noun(problem.value);
    let expected = shape.words(cx.dialect, cx.kind);
    cx.at_value(problem, format!("`{}` must be {expected}, not {noun}", words::excerpt(name)))
        .label(format!("{noun} here"))
        .why(cx.refusal(problem))
        .help(format!("put the keys of the {} under its name, indented", cx.kind.entry_noun()))
}

/// What to write instead, with a repair where the intent is clear.
fn type_help(
    cx: &ShapeCx<'_>,
    finding: Finding,
    problem: &Problem<'_>,
    shape: &Shape,
    expected: &str,
) -> Finding {
    let value = problem.value;
    let text = value.text();
    let scalar = shape.without_null();
    match scalar {
        _ if wants_text(&scalar) && is_split_text(value) && !advice::is_below_key(problem) => finding
            .label("the `: ` makes a mapping of it")
            .help("put it in quotes")
            .unsafe_fix("put it in quotes", edit::quote_source(value)),
        _ if is_plain_scalar(value) && advice::is_schedule(problem) => advice::schedule(finding, value),
        _ if wants_text(&scalar) && is_plain_scalar(value) => finding
            .help("put it in quotes")
            .safe_fix("put it in quotes", edit::quote(value).filter(|_| takes_text(&scalar, text))),
        Shape::Integer | Shape::Number if value.kind() == Kind::Str => {
            let reason = words::why_no_number(value);
            let is_quoted_number = value.style() != Style::Plain && words::is_plain_number(text.trim());
            let fits = !matches!(scalar, Shape::Integer) || !text.contains('.');
            let finding = match reason {
                Some(reason) if !words::is_secret(value, problem.name()) => finding.label(reason),
                _ => finding,
            };
            if is_quoted_number && fits {
                return finding.help("remove the quotes").safe_fix("remove the quotes", edit::unquote(value));
            }
            let unit = problem.key.map(|key| key.unit).filter(|unit| !unit.is_empty());
            let number = problem.key.and_then(|key| advice::in_unit_of(key, value));
            finding.help(match (unit, number) {
                (Some(unit), Some(number)) => format!("write {number}, without a unit; it counts {unit}"),
                (Some(unit), None) if text.contains(|c: char| c.is_ascii_digit()) => {
                    format!("write the number alone; it counts {unit}")
                }
                _ => advice::form(problem, &scalar, expected, cx.dialect),
            })
        }
        Shape::Record(record) if value.style() == Style::Plain && value.is_scalar() => {
            let mut required = record.keys().filter(|key| (key.required)(cx.dialect));
            match (required.next(), required.next()) {
                (Some(key), None) if value.kind() == fitting(&key.shape) => {
                    let edits = edit::write(value, &format!("{{{}: {}}}", key.name, value.raw()));
                    let help = format!("write `{}: {}`", key.name, words::excerpt(value.raw()));
                    let finding = finding.help(help);
                    // Of a limit, the one number can only be the soft limit.
                    let safety = if value.kind() == Kind::Int { FixSafety::Safe } else { FixSafety::Unsafe };
                    finding.with_fix("make a mapping of it".to_owned(), safety, edits)
                }
                _ => finding.help(advice::form(problem, &scalar, expected, cx.dialect)),
            }
        }
        Shape::Boolean if value.kind() == Kind::Str => boolean_help(finding, value, problem.mild),
        Shape::Boolean => finding.help("write true or false"),
        _ => {
            if let Some(form) = words::form_of(shape) {
                return form_help(finding, problem, shape, form);
            }
            let help = advice::one_text(problem).or_else(|| advice::nested_variable(problem));
            let form = || advice::form(problem, &scalar, expected, cx.dialect);
            finding.help(help.unwrap_or_else(form))
        }
    }
}

/// `3.0` where only `3` is a whole number.
pub(crate) fn fraction(cx: &ShapeCx<'_>, problem: &Problem<'_>) -> Finding {
    let value = problem.value;
    let place = cx.place(problem);
    let repr = value.repr();
    let whole = repr.strip_suffix(".0").unwrap_or(&repr).to_owned();
    let why = match problem.why {
        "" => "a number with a dot is a float for PaaSTA, even if nothing follows the dot",
        why => why,
    };
    let edits = edit::write(value, &whole).filter(|_| words::is_plain_number(&whole));
    cx.at_value(problem, format!("{place} {} be a whole number, written without a dot", problem.must()))
        .label(format!("write {}", words::excerpt(&whole)))
        .why(why)
        .help(format!("write {}", words::excerpt(&whole)))
        .safe_fix("drop the fraction", edits)
}

/// A list or mapping as it must be written.
fn form_help(finding: Finding, problem: &Problem<'_>, shape: &Shape, form: &str) -> Finding {
    let name = problem.key.map_or("", |key| key.name);
    let is_direct = problem.name().and_then(Value::as_str) == Some(name);
    let value = problem.value;
    let wants_texts = matches!(shape.without_null(), Shape::List(list) if wants_text(&list.item));
    let example = problem.key.filter(|key| wants_texts && !key.example.is_empty()).map(advice::example);
    let form = example.as_deref().unwrap_or(form);
    let how = if is_direct { format!("write `{name}: {form}`") } else { format!("write `{form}`") };
    if wants_texts && value.kind() == Kind::Str {
        let is_one = !value.text().contains([',', ';']) && !value.text().contains(char::is_whitespace);
        // The words of a command line are items each.
        let is_one = is_one && name != "args";
        let edits = edit::wrap(value);
        let title = "make a list of it";
        let finding = finding.help(how);
        return if is_one { finding.safe_fix(title, edits) } else { finding.unsafe_fix(title, edits) };
    }
    finding.help(how)
}

/// The type of a scalar of this shape.
fn fitting(shape: &Shape) -> Kind {
    match shape.without_null() {
        Shape::Integer | Shape::Number => Kind::Int,
        _ => Kind::Str,
    }
}

fn is_plain_scalar(value: Value<'_>) -> bool {
    value.style() == Style::Plain
        && matches!(value.kind(), Kind::Bool | Kind::Int | Kind::Float | Kind::Date | Kind::DateTime)
}

/// A text that `: ` made a mapping of: `- --header X: 1`.
fn is_split_text(value: Value<'_>) -> bool {
    value.kind() == Kind::Map
        && value.style() == Style::Block
        && value.len() == 1
        && !value.is_alias()
        && value.anchor().is_none()
        && !value.raw().contains('\n')
}

/// `is_read`: whether the text counts as it is, so that another value may change what happens.
fn boolean_help(finding: Finding, value: Value<'_>, is_read: bool) -> Finding {
    let text = value.text().trim();
    let meant = match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "on" | "t" | "1" => "true",
        "false" | "no" | "n" | "off" | "f" | "0" => "false",
        _ => return finding.help("write true or false"),
    };
    let finding = if value.style() == Style::Plain {
        finding.label(format!("YAML 1.1 takes `{}` for text", words::excerpt(text)))
    } else {
        finding.label("the quotes make it a string")
    };
    let title = format!("write {meant}");
    let finding = finding.help(title.clone());
    let safety = if is_read { FixSafety::Unsafe } else { FixSafety::Safe };
    finding.with_fix(title, safety, edit::write(value, meant))
}
