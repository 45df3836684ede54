//! Finds keys that a mapping inside an instance does not have.

use crate::model::table::WordList;
use crate::rules::{Check, Fixable, Level, Rule};
use crate::schema::explain::{Finding, Problem, ShapeCx, renamed, words};
use crate::suggest::nearest;

pub(crate) static RULE: Rule = rule! {
    /// Finds keys that a mapping inside an instance does not have.
    ///
    /// ## Why it matters
    ///
    /// A misspelt key in a volume, a limit or a health parameter makes Marathon refuse the
    /// instance, or PaaSTA raise at each deployment. Where nothing reads the key it is a warning.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_volumes:
    ///     - {container_path: /data, hostPath: /data, mode: RO}
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
    /// ## Fix safety
    ///
    /// Unsafe: another key may have been meant.
    ///
    /// ## Source
    ///
    /// Marathon 1.4 refuses unknown keys; `bounce_health_params` and `drain_method_params` are
    /// passed on as Python arguments.
    "unknown-nested-key" in Schema,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    check: Check::Schema,
};

pub(crate) fn words(cx: &mut ShapeCx<'_>, problem: &Problem<'_>, list: &'static WordList) -> Finding {
    let name = problem.value;
    let text = name.text();
    let shown = words::excerpt(text);
    let aliases = [("open_files", "nofile"), ("files", "nofile"), ("as", "data"), ("processes", "nproc")];
    let synonym = aliases.iter().find(|(word, _)| *word == text).map(|(_, name)| *name);
    let near = cx.suggestions.of((std::ptr::from_ref(list).addr(), text, false), || {
        synonym.or_else(|| nearest(text, list.words.iter().map(|word| word.text)))
    });
    let names: Vec<String> = list.words.iter().map(|word| format!("`{}`", word.text)).collect();
    let finding = cx
        .at(name.span(), format!("`{shown}` is not {}", list.what))
        .label(near.map_or_else(|| "unknown name".to_owned(), |near| format!("did you mean `{near}`?")))
        .why("Docker refuses to start the container")
        .help(format!("one of {}", names.join(", ")));
    match near {
        Some(near) => finding.unsafe_fix(format!("write `{near}`"), renamed(problem, near)),
        None => finding,
    }
}
