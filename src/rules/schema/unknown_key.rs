//! Finds keys that an instance, job or namespace does not have.

use crate::diagnostic::{Finding, Severity};
use crate::model::keys::entry_record;
use crate::model::kind::FileKind;
use crate::model::table::{Key, Record};
use crate::rules::{Check, Fixable, Level, Rule};
use crate::schema::check::fits_key;
use crate::schema::explain::{Problem, ShapeCx, advice, entry_of, renamed, unknown_why, words};
use crate::schema::suggest;
use crate::yaml::{Entry, Value, edit};

pub(crate) static RULE: Rule = rule! {
    /// Finds keys that an instance, job or namespace does not have.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA refuses a whole marathon-*, chronos-* or adhoc-* file for one unknown key, and
    /// SmartStack drops unknown keys without a word. Most of them are misspelt: what they configure
    /// is not in effect. In monitoring.yaml such a key is a warning, and in deploy.yaml, of which a
    /// site's own jobs may read more, advice. In dialect `paasta-0.66` it also finds keys that the
    /// documentation lists and the schema of that version refuses.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   ram: 500
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   mem: 500
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe where the key is one letter away from a single known key, in a file that is refused as it
    /// is. Other names are guesses, and unsafe, and so is deleting a key beside the one that was meant.
    ///
    /// ## Source
    ///
    /// The schemas of paasta-tools 0.66.6 (`cli/schemas`); the documentation of each key.
    "unknown-key" in Schema,
    level: Error,
    also: &[Level::Warning, Level::Info],
    fix: Fixable::Sometimes,
    check: Check::Schema,
};

/// A key that nothing is near to, at the top or further inside.
pub(crate) fn words(
    cx: &ShapeCx<'_>,
    problem: &Problem<'_>,
    record: &Record,
    what: &str,
    is_entry: bool,
) -> Finding {
    let key = problem.value;
    let name = key.as_str().unwrap_or_default();
    let finding = cx
        .at(key.span(), format!("`{}` is no key of {what}", words::excerpt(name)))
        .label("unknown key")
        .why(unknown_why(record))
        .help(suggest::elsewhere(name).map_or_else(|| known_keys(cx, record, is_entry), str::to_owned));
    // The pipeline is run by the site's own Jenkins jobs, which may know more keys than PaaSTA.
    if cx.kind == FileKind::Deploy { finding.severity(Severity::Info) } else { finding }
}

/// All keys where they are few, else where to find them.
fn known_keys(cx: &ShapeCx<'_>, record: &Record, is_entry: bool) -> String {
    let keys: Vec<String> = record
        .keys()
        .filter(|key| (key.accepted)(cx.dialect) && key.deprecated.is_none())
        .map(|key| format!("`{}`", key.name))
        .collect();
    match (keys.len(), is_entry) {
        (0..=12, _) => format!("known keys: {}", keys.join(", ")),
        _ => format!("`soalint schema {}` lists the keys", cx.kind.name()),
    }
}

/// A key that was probably meant, at the top or further inside.
pub(crate) fn misspelt(
    cx: &ShapeCx<'_>,
    problem: &Problem<'_>,
    record: &Record,
    near: &'static str,
    what: &str,
    is_entry: bool,
) -> Finding {
    let key = problem.value;
    let shown = words::excerpt(key.text());
    let finding = cx.at(key.span(), format!("`{shown}` is no key of {what}")).why(unknown_why(record));
    let place = problem.holder.and_then(|holder| Some((holder, entry_of(holder, key)?)));
    if let Some((holder, entry)) = place
        && let Some(set) = own_entry(holder, near)
    {
        // Renaming this one would make a second of it.
        let place = cx.document.place(set.key.span());
        let line = place.source.as_ref().map(|source| source.position(set.key.span().start).line);
        let at = line.map_or_else(String::new, |line| format!(" on line {line}"));
        return finding
            .label(format!("did you mean `{near}`, which is there, too?"))
            .related(place, format!("`{near}` is set here"))
            .help(format!("`{near}` is set already{at}: delete the one that is not meant"))
            .unsafe_fix("delete this one", edit::remove_entry(holder, entry));
    }
    let mut finding = finding.label(format!("did you mean `{near}`?")).help(format!("write `{near}`"));
    // A key deeper inside may not be the one of the same name that a rule misses.
    if is_entry || entry_record(cx.kind).is_none_or(|entry| entry.key(near).is_none()) {
        finding = finding.meant(near);
    }
    let meant = record.key(near).zip(place);
    if let Some((meant, (_, entry))) = meant
        && !fits_key(cx.kind, cx.dialect.name, meant, entry.value)
    {
        let help = match advice::in_unit_of(meant, entry.value) {
            Some(number) => format!("write `{near}: {number}`"),
            None => match words::form_of(&meant.shape) {
                Some(form) => format!("write `{near}: {form}`"),
                None => format!("write `{near}`, which takes {}", meant.type_words(cx.dialect, cx.kind)),
            },
        };
        return finding.help(help);
    }
    let edits = renamed(problem, near);
    let title = format!("write `{near}`");
    // One slip of the finger in a file that is refused as it is.
    let is_refused = is_entry && !problem.mild && cx.kind.has_instances();
    let is_certain = is_refused && suggest::is_only_slip(key.text(), near, record);
    if is_certain { finding.safe_fix(title, edits) } else { finding.unsafe_fix(title, edits) }
}

/// The entry of a mapping with this key that is written in it, rather than merged into it.
fn own_entry<'a>(mapping: Value<'a>, name: &str) -> Option<Entry<'a>> {
    mapping.own_entries().find(|entry| !entry.is_merge_key() && entry.key.as_str() == Some(name))
}

/// What to say of a key that one dialect refuses.
pub(crate) fn refused(cx: &ShapeCx<'_>, name: Value<'_>, key: &Key) -> Finding {
    cx.at(name.span(), format!("paasta-tools 0.66 refuses `{}`", key.name))
        .label("refused")
        .why(key.refusal)
        .help("delete it")
}
