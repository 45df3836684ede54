//! Finds names of instances and jobs that cannot be used.

use crate::model::kind::FileKind;
use crate::model::table::Form;
use crate::rules::{Check, Fixable, Rule};
use crate::schema::explain::{Finding, Problem, ShapeCx, renamed, words};

pub(crate) static RULE: Rule = rule! {
    /// Finds names of instances and jobs that cannot be used.
    ///
    /// ## Why it matters
    ///
    /// The name of a Marathon instance becomes part of an application id, so it takes lower-case
    /// letters, digits, `-` and `_` (which is `--` in the id), and starts and ends with a letter or
    /// digit. A dot, slash or blank in the name of a job breaks the names that PaaSTA builds of it.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// HELLO_WORLD:
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// hello_world:
    ///   cmd: run
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Unsafe: under another name it is another instance, and whatever names it must change, too.
    ///
    /// ## Source
    ///
    /// The Marathon schema of paasta-tools 0.66.6; application ids of Marathon; job ids of PaaSTA.
    "instance-name-pattern" in Names,
    level: Error,
    fix: Fixable::Sometimes,
    check: Check::Schema,
};

pub(crate) fn words(cx: &ShapeCx<'_>, problem: &Problem<'_>, form: &Form) -> Finding {
    let name = problem.value;
    let text = name.text();
    let shown = words::excerpt(text);
    let finding = cx
        .at(name.span(), match text {
            "" => format!("an empty text cannot be {}", form.what),
            _ => format!("`{shown}` cannot be {}", form.what),
        })
        .label(broken_rule(text, cx.kind))
        .why(match cx.kind {
            FileKind::Marathon => "it becomes part of the application's id, and Marathon takes nothing else; `paasta validate` refuses the file",
            FileKind::Chronos => "PaaSTA splits names at dots and blanks and builds task ids of them, so the job can never run",
            FileKind::Smartstack => "registrations are split at dots, and HAProxy takes no other characters in a name",
            _ => cx.refusal(problem),
        });
    match repaired(text, cx.kind).filter(|better| (form.test)(better)) {
        Some(better) => finding
            .help(format!("{} is {}: `{better}`", form.what, form.rule))
            .unsafe_fix(format!("write `{better}`"), renamed(problem, &better)),
        None => finding.help(format!("{} is {}", form.what, form.rule)),
    }
}

/// Which part of the rule for names a name breaks.
fn broken_rule(text: &str, kind: FileKind) -> &'static str {
    let lower_only = kind == FileKind::Marathon;
    if text.is_empty() {
        "an empty name"
    } else if text.contains(char::is_whitespace) {
        "a blank in it"
    } else if text.contains('.') {
        "a dot in it"
    } else if lower_only && text.chars().any(|c| c.is_ascii_uppercase()) {
        "upper-case letters"
    } else if lower_only && text.starts_with(['_', '-']) {
        "it starts with `_` or `-`"
    } else if lower_only && text.ends_with(['_', '-']) {
        "it ends with `_` or `-`"
    } else if text.contains('/') {
        "a slash in it"
    } else {
        "characters that are not allowed"
    }
}

/// A name near `text` that may be allowed.
fn repaired(text: &str, kind: FileKind) -> Option<String> {
    if text.len() > 80 {
        return None;
    }
    let cased = if kind == FileKind::Marathon { text.to_ascii_lowercase() } else { text.to_owned() };
    let separated = cased.replace(|c: char| matches!(c, '.' | '/') || c.is_whitespace(), "_");
    let trimmed = separated.trim_matches(['_', '-']);
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}
