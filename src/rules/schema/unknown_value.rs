//! Finds values that are none of the words a key knows.

use crate::model::table::WordList;
use crate::rules::{Check, Fixable, Rule};
use crate::schema::explain::{Finding, Problem, ShapeCx, words};
use crate::suggest::nearest;
use crate::yaml::edit;

pub(crate) static RULE: Rule = rule! {
    /// Finds values that are none of the words a key knows.
    ///
    /// ## Why it matters
    ///
    /// Some values are refused by `paasta validate`, others only when they are used: an
    /// unknown decision policy, for example, stops the autoscaler of the instance.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   drain_method: hachek
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   drain_method: hacheck
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Another case of letters is safe. Another word is a guess, and unsafe.
    ///
    /// ## Source
    ///
    /// The schemas of paasta-tools 0.66.6 (`cli/schemas`); the documentation of each key.
    /// `bounce_lib`, `drain_lib` and the autoscaler of paasta-tools 0.66.6; constraints of Marathon
    /// 1.4 and Chronos 2.5.
    "unknown-value" in Schema,
    level: Error,
    fix: Fixable::Sometimes,
    check: Check::Schema,
};

pub(crate) fn words(cx: &mut ShapeCx<'_>, problem: &Problem<'_>, list: &'static WordList) -> Finding {
    let value = problem.value;
    let text = value.text();
    let known = || list.words.iter().map(|word| word.text);
    let same = known().find(|word| word.eq_ignore_ascii_case(text.trim()));
    let near = match same {
        Some(word) => Some(word),
        None => cx.suggestions.of((std::ptr::from_ref(list).addr(), text, false), || nearest(text, known())),
    };
    let all: Vec<String> = known().map(|word| format!("`{word}`")).collect();
    let place = cx.place(problem);
    let mut finding = cx
        .at_value(problem, format!("{} is not {}", words::shown(value, problem.name()), list.what))
        .label(near.map_or_else(|| format!("no value of {place}"), |near| format!("did you mean `{near}`?")))
        .why(cx.refusal(problem))
        .help(format!("one of {}", all.join(", ")));
    if let Some(near) = near {
        let title = format!("write `{near}`");
        finding = match same {
            Some(word) => finding.safe_fix(title, edit::replace(value, word)),
            None => finding.unsafe_fix(title, edit::replace(value, near)),
        };
    }
    finding
}
