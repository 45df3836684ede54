//! Finds keys that are there twice in one mapping.

use std::collections::{BTreeSet, HashMap};

use crate::diagnostic::{Finding, FixSafety};
use crate::repo::Document;
use crate::rules::{Check, Fixable, Rule};
use crate::source::{Edit, Span};
use crate::text::printable;
use crate::yaml::{Entry, Kind, Notice, Tree, Value, edit};

pub(crate) static RULE: Rule = rule! {
    /// Finds keys that are there twice in one mapping.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA uses the last one and says nothing; the schema accepts it, too. So an instance, a port or
    /// a limit that somebody wrote is silently lost. A key that overrides one from a merge (`<<`) is no
    /// duplicate.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpus: 1
    ///   mem: 512
    ///   cpus: 2
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpus: 2
    ///   mem: 512
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Deleting one is safe where both say the same and no comment goes with it. It is a guess, and unsafe, where they do
    /// not; of two mappings it makes one, in which the last value of each key stays.
    ///
    /// ## Source
    ///
    /// PyYAML keeps the last; paasta-behaviour recorded from 0.66.6.
    "yaml-duplicate-key" in Yaml,
    level: Error,
    fix: Fixable::Sometimes,
    check: Check::Reader,
};

/// Values that are compared to find out whether two are equal; aliases make many of few.
const MOST_COMPARED: usize = 1_000;

/// What to do where nothing is known of the place.
const BY_HAND: &str = "remove one, or rename it if both are meant";
/// The same where the first one shares its lines or is used elsewhere.
const HELD: &str = "an alias uses the first one, or it shares a line with something else, so there is no fix: remove one by hand, or \
                    rename it if both are meant";
/// The same where two mappings are written in different ways.
const APART: &str = "the two mappings are not written alike, so there is no fix: move what only the first one has into this one and \
                     remove the first, or rename one if both are meant";

/// The entries of a text whose keys are there twice, by where the key starts.
#[derive(Default)]
pub(crate) struct Duplicates<'t> {
    entries: HashMap<u32, (Value<'t>, Entry<'t>)>,
}

impl<'t> Duplicates<'t> {
    pub(crate) fn of(tree: &'t Tree) -> Self {
        let spans = tree.notices().iter().filter_map(|notice| match notice {
            Notice::DuplicateKey { first, second, .. } => Some([first.start, second.start]),
            _ => None,
        });
        let wanted: BTreeSet<u32> = spans.flatten().collect();
        let mut entries = HashMap::new();
        let mut open = if wanted.is_empty() { Vec::new() } else { vec![tree.root()] };
        while let Some(value) = open.pop() {
            if value.is_alias() {
                continue;
            }
            for entry in value.own_entries() {
                if wanted.contains(&entry.key.site().start) {
                    entries.insert(entry.key.site().start, (value, entry));
                }
                open.push(entry.value);
            }
            if value.kind() == Kind::Seq {
                open.extend(value.items());
            }
        }
        Self { entries }
    }

    /// What to say of `key`, there at `first` and at `second`.
    pub(crate) fn words(&self, document: &Document, key: &str, first: Span, second: Span) -> Finding {
        let repair = self.repair(first, second);
        let finding =
            Finding::new(document.place(second), format!("the key `{}` is there twice", printable(key)))
                .label("this one counts")
                .related(document.place(first), "this one is silently dropped")
                .why("PaaSTA uses the last of them and says nothing: what the first one configures is lost");
        match repair {
            Ok((title, safety, edits)) => {
                finding.help(BY_HAND).with_fix(title.to_owned(), safety, Some(edits))
            }
            Err(help) => finding.help(help),
        }
    }

    /// The repair of one key: what PaaSTA drops goes, after the entries of a mapping were added to the other one.
    ///
    /// # Errors
    /// What to do where it cannot be repaired.
    fn repair(
        &self,
        first: Span,
        second: Span,
    ) -> Result<(&'static str, FixSafety, Vec<Edit>), &'static str> {
        let found = self.entries.get(&first.start).zip(self.entries.get(&second.start));
        let Some(((mapping, dropped), (_, kept))) = found else { return Err(BY_HAND) };
        let mut left = MOST_COMPARED;
        if is_equal(dropped.value, kept.value, &mut left) {
            // Which of them goes is all the same, so the one with a comment stays.
            let safe = [
                ("delete the first one, which says the same", dropped),
                ("delete this one, which says the same", kept),
            ];
            for (title, entry) in safe {
                let edits =
                    edit::remove_entry(*mapping, *entry).filter(|edits| !hold_comment(mapping.tree(), edits));
                if let Some(edits) = edits {
                    return Ok((title, FixSafety::Safe, edits));
                }
            }
        }
        let Some(mut edits) = edit::remove_entry(*mapping, *dropped) else { return Err(HELD) };
        let both_are_mappings = [dropped.value, kept.value].iter().all(|value| value.kind() == Kind::Map);
        if !both_are_mappings {
            return Ok(("delete the first one, which PaaSTA drops", FixSafety::Unsafe, edits));
        }
        edits.extend(edit::merge_into(kept.value, dropped.value).ok_or(APART)?);
        edits.sort();
        Ok(("merge both; of what is in both the last one stays", FixSafety::Unsafe, edits))
    }
}

/// Whether any of what the edits replace has a comment in it.
fn hold_comment(tree: &Tree, edits: &[Edit]) -> bool {
    let comments = tree.comments();
    edits.iter().any(|edit| {
        let first = comments.partition_point(|comment| comment.span.end <= edit.span.start);
        comments.get(first).is_some_and(|comment| comment.span.start < edit.span.end)
    })
}

/// Whether two values are read alike, as far as they can be compared with `left` steps.
fn is_equal(one: Value<'_>, other: Value<'_>, left: &mut usize) -> bool {
    if *left == 0 || one.kind() != other.kind() || one.tag() != other.tag() {
        return false;
    }
    *left -= 1;
    match one.kind() {
        Kind::Map | Kind::Set => {
            one.len() == other.len()
                && one
                    .entries()
                    .zip(other.entries())
                    .all(|(a, b)| is_equal(a.key, b.key, left) && is_equal(a.value, b.value, left))
        }
        Kind::Seq => {
            one.len() == other.len() && one.items().zip(other.items()).all(|(a, b)| is_equal(a, b, left))
        }
        _ => one.text() == other.text(),
    }
}
