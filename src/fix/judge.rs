//! Whether repairs did what they promise: their findings are gone, and no others have come.

use std::collections::{BTreeSet, HashMap};

use crate::diagnostic::{Diagnostic, Severity};
use crate::findings::Each;

/// What a finding says of which instance in which file: rule, file, and what stands for instance and message.
type Words<'d> = (&'static str, &'d str, u32, u32);

fn words(each: Each<'_>) -> Words<'_> {
    (each.rule().name, each.file(), each.instance(), each.message())
}

/// What it is about, whatever it says.
fn about(each: Each<'_>) -> Words<'_> {
    (each.rule().name, each.file(), each.instance(), each.path())
}

/// Indexes of the findings of `after` that should not be there.
///
/// `before` holds what was found, each with whether it was to be repaired. A finding that was there
/// before may say what it says in other words, as its text may show what was repaired beside it.
/// What is milder than an error may come to light in the files of `revealed`, which nobody could
/// read before.
pub(super) fn failures(
    before: &[(&Diagnostic, bool)],
    after: &[Diagnostic],
    revealed: &BTreeSet<String>,
) -> Vec<usize> {
    let mut expected: HashMap<Words<'_>, usize> = HashMap::new();
    let left =
        || before.iter().filter(|(_, repaired)| !repaired).flat_map(|(diagnostic, _)| diagnostic.each());
    for each in left() {
        *expected.entry(words(each)).or_default() += 1;
    }
    let mut surplus = Vec::new();
    for (index, each) in after
        .iter()
        .enumerate()
        .flat_map(|(index, diagnostic)| diagnostic.each().map(move |each| (index, each)))
    {
        match expected.get_mut(&words(each)) {
            Some(count) if *count > 0 => *count -= 1,
            _ => surplus.push((index, each)),
        }
    }
    if surplus.is_empty() {
        return Vec::new();
    }
    // Findings that stayed, but not in these words.
    let mut reworded: HashMap<_, usize> = HashMap::new();
    for each in left() {
        if let Some(count) = expected.get_mut(&words(each))
            && *count > 0
        {
            *count -= 1;
            *reworded.entry(about(each)).or_default() += 1;
        }
    }
    surplus.retain(|(_, each)| match reworded.get_mut(&about(*each)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => each.severity() == Severity::Error || !revealed.contains(&**each.file()),
    });
    let mut indexes: Vec<usize> = surplus.into_iter().map(|(index, _)| index).collect();
    indexes.dedup();
    indexes
}
