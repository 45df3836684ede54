//! Finds mappings that lack a key they must have.

use crate::model::table::Key;
use crate::rules::{Check, Rule};
use crate::schema::explain::{Finding, Problem, ShapeCx, advice};
use crate::yaml::Value;

pub(crate) static RULE: Rule = rule! {
    /// Finds mappings that lack a key they must have.
    ///
    /// ## Why it matters
    ///
    /// A volume without a path or a pipeline without steps cannot be used.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_volumes:
    ///     - {containerPath: /data, mode: RO}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_volumes:
    ///     - {containerPath: /data, hostPath: /data, mode: RO}
    /// ```
    ///
    /// ## Source
    ///
    /// The schemas of paasta-tools 0.66.6 (`cli/schemas`); the documentation of each key. Marathon
    /// 1.4 demands all three keys of a volume.
    "missing-key" in Schema,
    level: Error,
    check: Check::Schema,
};

pub(crate) fn words(cx: &ShapeCx<'_>, problem: &Problem<'_>, key: &Key) -> Finding {
    let message = format!("{} has no `{}`", cx.place(problem), key.name);
    let why = if problem.mild { "the documentation demands it" } else { cx.refusal(problem) };
    let span = problem.name().map_or_else(|| problem.value.span(), Value::span);
    let doc = key.markdown();
    let paragraph = doc.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let meaning = paragraph.split(". ").next().unwrap_or_default().trim_end_matches('.');
    let finding = cx
        .at(span, message)
        .label(format!("`{}` is missing", key.name))
        .why(why)
        .help(format!("add `{}: {}` ({})", key.name, advice::example(key), lower_first(meaning)))
        .identity(key.name);
    if problem.path.is_empty() { finding.absent(&[key.name]) } else { finding }
}

/// `healthcheck_mode: cmd` whose command is in service.yaml.
pub(crate) fn command(cx: &ShapeCx<'_>, problem: &Problem<'_>) -> Finding {
    cx.at(problem.value.span(), "`healthcheck_mode: cmd` without a `healthcheck_cmd`")
        .label("which command?")
        .why("`paasta validate` of 0.66 refuses the file, though service.yaml has the command")
        .help("repeat the command beside the mode")
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        // An acronym stays.
        (Some(_), Some(second)) if second.is_uppercase() => text.to_owned(),
        (Some(first), _) => first.to_lowercase().chain(text.chars().skip(1)).collect(),
        _ => String::new(),
    }
}
