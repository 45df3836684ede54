//! Finds unquoted numbers with a leading 0.

use crate::rules::{Check, Fixable, Level, Rule};
use crate::schema::explain::{Finding, Problem, ShapeCx};
use crate::schema::words::{self, Surprise};
use crate::yaml::edit;

pub(crate) static RULE: Rule = rule! {
    /// Finds unquoted numbers with a leading 0.
    ///
    /// ## Why it matters
    ///
    /// YAML 1.1 reads `010` as 8. Where text is expected PaaSTA refuses the number, which is an error;
    /// where a number is expected it uses the other one, which is a warning.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   env: {MODE: 0755}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   env: {MODE: "0755"}
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe where text is expected: quotes keep the text that is written. Unsafe where a number is: the
    /// digits were probably meant as a decimal number, but PaaSTA uses the octal one today.
    ///
    /// ## Source
    ///
    /// YAML 1.1 as PyYAML reads it.
    "yaml-octal-surprise" in Yaml,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    supersedes: &["yaml-loaders-disagree"],
    check: Check::Schema,
};

/// A number that a stranger does not read as YAML does, in base 8 or 60.
pub(crate) fn odd(cx: &ShapeCx<'_>, problem: &Problem<'_>) -> Finding {
    let value = problem.value;
    let surprise = Surprise::of(value);
    let clause = surprise.map_or_else(String::new, |surprise| surprise.clause(value));
    let finding = cx
        .at_value(problem, format!("{}: {clause}", cx.place(problem)))
        .label(format!("the number {}", words::excerpt(&value.repr())))
        .why("PaaSTA uses that number, and hardly anybody expects it")
        .help(format!("write {} if that is meant, else the decimal number", words::excerpt(&value.repr())));
    // Hardly anybody writes octal numbers: the digits are probably decimal ones.
    let decimal = value.text().trim_start_matches(['0', '_']).replace('_', "");
    let is_octal = surprise == Some(Surprise::Octal) && words::is_plain_number(&decimal);
    let edits = is_octal.then(|| edit::write(value, &decimal)).flatten();
    finding.unsafe_fix(format!("write {}", words::excerpt(&decimal)), edits)
}
