//! What an unknown key was probably meant to be, and which rule says so.

use super::super::check::{Problem, Step};
use super::super::suggest;
use super::{ShapeCx, Words, path_ids};
use crate::diagnostic::{Edit, Severity};
use crate::model::keys::entry_record;
use crate::model::table::{Key, Record, Unknown};
use crate::rules::{Rule, schema as rules, worded};
use crate::yaml::{Entry, Value, edit};

impl ShapeCx<'_> {
    pub(super) fn unknown_key(&mut self, problem: &Problem<'_>, record: &'static Record) -> Words {
        let key = problem.value;
        let name = key.as_str().unwrap_or_default();
        let is_entry = entry_record(self.kind).is_some_and(|entry| std::ptr::eq(entry, record));
        let dialect = self.dialect;
        let value = problem.holder.and_then(|holder| entry_of(holder, key)).map(|entry| entry.value);
        let is_path = value.is_some_and(|value| value.text().starts_with('/'));
        let accepted = |key: &Key| (key.accepted)(dialect);
        let near = self.suggestions.of((std::ptr::from_ref(record).addr(), name, is_path), || {
            suggest::in_record(name, is_path, record, accepted)
        });
        let what = self.holder(problem, record, is_entry);
        if let Some(near) = near {
            let holder = problem.path.split_last().map_or(&[][..], |(_, holder)| holder);
            let place = (path_ids(holder), near);
            // An unknown key may be harmless; the key that is missing for it is not.
            let is_cause = problem.mild && self.missing.contains(&place);
            if is_cause || !problem.mild {
                self.typos.insert(place);
            }
            let (rule, finding) = (
                unknown_rule(is_entry),
                rules::unknown_key::misspelt(self, problem, record, near, &what, is_entry),
            );
            if !is_cause {
                return (rule, finding);
            }
            let finding = finding.why(self.refusal(problem)).severity(Severity::Error);
            return (self.context_rule(problem).unwrap_or(rule), finding);
        }
        if !is_entry && entry_record(self.kind).is_some_and(|entry| entry.key(name).is_some()) {
            let holder = self.place(&parent(problem));
            return worded!(schema::key_at_wrong_level::inside(self, problem, record, &holder));
        }
        let kind = self.kind;
        if is_entry
            && let Some(holder) = self.suggestions.of((0, name, false), || suggest::holder(name, kind))
        {
            return worded!(schema::key_at_wrong_level::beside(self, key, record, &what, holder));
        }
        if is_entry && let Some(finding) = rules::key_wrong_kind::words(self, key, name, record) {
            return (&rules::key_wrong_kind::RULE, finding);
        }
        (unknown_rule(is_entry), rules::unknown_key::words(self, problem, record, &what, is_entry))
    }

    /// What a key is none of: "a Marathon instance", "`security`", "a volume".
    fn holder(&self, problem: &Problem<'_>, record: &Record, is_entry: bool) -> String {
        let in_list = matches!(problem.path.iter().rev().nth(1), Some(Step::Index(_)));
        if is_entry || in_list || problem.path.len() < 2 {
            return record.what.split(':').next().unwrap_or(record.what).to_owned();
        }
        self.place(&parent(problem))
    }
}

/// The edits that give the key of a problem another name.
pub(crate) fn renamed(problem: &Problem<'_>, name: &str) -> Option<Vec<Edit>> {
    let holder = problem.holder?;
    edit::rename_key(holder, entry_of(holder, problem.value)?, name)
}

/// The entry of a mapping that has this key, which is text.
pub(crate) fn entry_of<'a>(mapping: Value<'a>, key: Value<'a>) -> Option<Entry<'a>> {
    mapping.entry(key.as_str()?).filter(|entry| entry.key.id() == key.id())
}

/// The problem seen from the mapping that holds the key.
fn parent<'a>(problem: &Problem<'a>) -> Problem<'a> {
    let mut parent = problem.clone();
    parent.path.pop();
    while matches!(parent.path.last(), Some(Step::Index(_))) {
        parent.path.pop();
    }
    parent
}

fn unknown_rule(is_entry: bool) -> &'static Rule {
    if is_entry { &rules::unknown_key::RULE } else { &rules::unknown_nested_key::RULE }
}

pub(crate) fn unknown_why(record: &Record) -> &'static str {
    match record.unknown {
        Unknown::Refused(why) | Unknown::Ignored(why) => why,
        Unknown::Free => "",
    }
}
