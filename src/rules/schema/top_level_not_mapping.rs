//! Finds files whose top level is a list or a single value.

use crate::model::kind::FileKind;
use crate::model::table::Shape;
use crate::rules::{Check, Rule};
use crate::schema::explain::{Finding, Problem, ShapeCx, advice, words};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds files whose top level is a list or a single value.
    ///
    /// ## Why it matters
    ///
    /// Every configuration file is a mapping. Tools that read a list or a text there fail, not only
    /// for this service: some read the files of all services at once.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// - main
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20001
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `service_configuration_lib`, `paasta validate`.
    "top-level-not-mapping" in Schema,
    level: Error,
    check: Check::Schema,
};

pub(crate) fn words(cx: &ShapeCx<'_>, problem: &Problem<'_>, shape: &Shape) -> Finding {
    let value = problem.value;
    let expected = shape.words(cx.dialect, cx.kind);
    cx.at_value(problem, format!("the file must hold {expected}, not {}", words::noun(value)))
        .label(words::noun(value).to_owned())
        .why("every tool that reads this file fails on it")
        .help(match (words::form_of(shape), shape) {
            (Some(form), _) => format!("write `{form}`"),
            (None, Shape::Record(record)) if cx.kind == FileKind::Deploy && value.kind() == Kind::Seq => {
                let key = record.keys().next().map_or("", |key| key.name);
                format!("put `{key}:` on a line of its own above the list")
            }
            (None, Shape::Record(record)) => {
                let entries = advice::entries(record, cx.dialect).join(", ");
                format!("write keys with their values, as in `{entries}`")
            }
            (None, _) => format!("write {expected}"),
        })
}
