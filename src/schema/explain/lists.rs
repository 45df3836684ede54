//! Words for problems with lists and with mappings that are too small.

use super::super::check::{Problem, Step};
use super::{Explainer, name_of, place_words};
use crate::diagnostic::{Edit, Finding};
use crate::rules::{Rule, schema as rules};
use crate::source::Span;
use crate::yaml::{Kind, Value, edit};

type Words = (&'static Rule, Finding);

impl Explainer<'_> {
    pub(super) fn empty(&self, problem: &Problem<'_>, what: &str) -> Words {
        if problem.path.is_empty() {
            return self.empty_file(problem);
        }
        let place = place_words(problem, self.kind);
        let noun = self.kind.entry_noun();
        if problem.path.len() == 1 && self.kind.has_instances() {
            let span = name_of(problem).map_or_else(|| problem.value.span(), Value::span);
            let finding = self
                .at(span, format!("{noun} {place} is empty"))
                .label("no keys in it")
                .why(self.refusal(problem))
                .help(format!("give it at least one key, or remove the {noun}"));
            return (&rules::empty_instance::RULE, finding);
        }
        let finding = self
            .at_value(problem, format!("{place} must not be empty"))
            .label("nothing in it")
            .why(self.refusal(problem))
            .help(match what.strip_prefix('[') {
                Some(_) => format!("write at least one, as in `{what}`"),
                None => format!("write {what}"),
            });
        (&rules::empty_list::RULE, finding)
    }

    pub(super) fn duplicate(&self, problem: &Problem<'_>, first: Value<'_>) -> Words {
        let list: Vec<Step<'_>> = problem.path.split_last().map_or_else(Vec::new, |(_, list)| list.to_vec());
        let place = place_words(&Problem { path: list, ..problem.clone() }, self.kind);
        let finding = self
            .at_value(problem, format!("the same item is in {place} twice"))
            .label("again")
            .related(self.document.place(first.span()), "the first one")
            .why("PaaSTA's schema demands that the items differ")
            .help("remove one of them");
        let edits = problem.holder.and_then(|list| edit::remove_item(list, problem.value));
        (&rules::duplicate_item::RULE, finding.safe_fix("remove the second one", edits))
    }

    pub(super) fn ulimit_list(&self, problem: &Problem<'_>) -> Words {
        let mut finding = self
            .at_value(problem, "`ulimit` is written as a list")
            .label("the documentation's example is written so, too")
            .why("paasta-tools 0.66 wants one mapping of all limits and refuses the list")
            .help("write `ulimit: {nofile: {soft: 1024, hard: 2048}}`")
            .identity("ulimit");
        if let Some(edits) = without_dashes(problem.value) {
            finding = finding.safe_fix("make one mapping of the list", edits);
        }
        (&rules::ulimit_list::RULE, finding)
    }
}

/// Turns the dashes of a block list into blanks, which makes one mapping of its mappings.
fn without_dashes(list: Value<'_>) -> Option<Vec<Edit>> {
    let text = list.tree().text();
    let dash = |item: Value<'_>| {
        let before = text.get(..item.span().start as usize)?.trim_end_matches(' ');
        let is_block = item.kind() == Kind::Map && !item.raw().starts_with('{') && before.ends_with('-');
        let at = u32::try_from(before.len()).ok()?.checked_sub(1)?;
        (is_block && !item.is_alias()).then(|| Edit { span: Span::new(at, at + 1), text: " ".to_owned() })
    };
    let mut names: Vec<&str> =
        list.items().flat_map(|item| item.entries().map(|entry| entry.key.text())).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    // Equal names would become duplicate keys.
    (names.len() == count && !list.is_empty()).then(|| list.items().map(dash).collect())?
}
