//! Patterns that match less than they seem to.

use crate::model::kind::FileKind;
use crate::rules::support::constraints;
use crate::rules::support::words::shown;
use crate::rules::{Check, InstanceCx, On, Rule, Sink};
use crate::yaml::Value;

pub(crate) static RULE: Rule = rule! {
    /// Finds `LIKE` and `UNLIKE` whose pattern looks like the beginning of a value.
    ///
    /// ## Why it matters
    ///
    /// The pattern must match the whole value. `[instance_type, UNLIKE, t2]` keeps nothing away from
    /// hosts of type `t2.micro`, and `[habitat, LIKE, uswest1]` finds no host in `uswest1aprod`.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_constraints: [[instance_type, UNLIKE, t2]]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_constraints: [[instance_type, UNLIKE, 't2\..*']]
    /// ```
    ///
    /// ## Source
    ///
    /// Marathon and Chronos: `matches()` of Java, which wants the whole text.
    "constraint-regex-unanchored" in Placement,
    // The value may be a whole one.
    level: Info,
    on: On::keys(&["constraints", "extra_constraints"]).within(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Instance(check),
};

/// Fields whose values are plain words, which a pattern without special characters names in full.
const PLAIN: [&str; 3] = ["pool", "hostname", "ecosystem"];

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    for list in constraints::lists(cx) {
        for constraint in list.constraints() {
            let Some(operator @ ("LIKE" | "UNLIKE")) = constraint.operator else { continue };
            let Some(field) = constraint.item.items().next().and_then(Value::as_str) else { continue };
            let Some(value) = constraint.value else { continue };
            let Some(text) = value.as_str().filter(|text| is_prefix(field, text)) else { continue };
            sink.report(
                cx.at_part(
                    &list.located,
                    value,
                    format!("`{}` must be the whole value of `{}`", shown(text), shown(field)),
                )
                .label("looks like the beginning of one")
                .why(match operator {
                    "LIKE" => "a host whose value only begins like this is not taken",
                    _ => "a host whose value only begins like this is taken all the same",
                })
                .help(format!("to match what begins so, write `{}.*`", shown(text))),
            );
        }
    }
}

/// Whether a pattern without special characters looks like the beginning of a value of the field.
fn is_prefix(field: &str, pattern: &str) -> bool {
    let is_word = pattern.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let ends_with_digit = pattern.bytes().next_back().is_some_and(|byte| byte.is_ascii_digit());
    is_word
        && ends_with_digit
        && pattern.bytes().any(|byte| byte.is_ascii_lowercase())
        && !PLAIN.contains(&field)
}
