//! Whether repairs did what they promise: their findings are gone, and no others have come.

use std::collections::{BTreeSet, HashMap};

use crate::diagnostic::{Diagnostic, Severity};

/// What a finding says of which instance in which file.
type Words<'d> = (&'static str, &'d str, Option<&'d str>, &'d str);

fn words(diagnostic: &Diagnostic) -> Words<'_> {
    let instance = diagnostic.subject.instance.as_deref();
    (diagnostic.rule.name, &diagnostic.place.file, instance, &diagnostic.message)
}

/// What it is about, whatever it says.
fn about(diagnostic: &Diagnostic) -> (&'static str, &str, Option<&str>, String) {
    use std::fmt::Write as _;
    let mut path = String::new();
    for step in &diagnostic.subject.path {
        // Writing to a string cannot fail.
        let _ = writeln!(path, "{step}");
    }
    (diagnostic.rule.name, &diagnostic.place.file, diagnostic.subject.instance.as_deref(), path)
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
    for (diagnostic, _) in before.iter().filter(|(_, repaired)| !repaired) {
        *expected.entry(words(diagnostic)).or_default() += 1;
    }
    let mut surplus = Vec::new();
    for (index, diagnostic) in after.iter().enumerate() {
        match expected.get_mut(&words(diagnostic)) {
            Some(count) if *count > 0 => *count -= 1,
            _ => surplus.push((index, diagnostic)),
        }
    }
    if surplus.is_empty() {
        return Vec::new();
    }
    // Findings that stayed, but not in these words.
    let mut reworded: HashMap<_, usize> = HashMap::new();
    for (diagnostic, _) in before.iter().filter(|(_, repaired)| !repaired) {
        if let Some(count) = expected.get_mut(&words(diagnostic))
            && *count > 0
        {
            *count -= 1;
            *reworded.entry(about(diagnostic)).or_default() += 1;
        }
    }
    surplus.retain(|(_, diagnostic)| match reworded.get_mut(&about(diagnostic)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => diagnostic.severity == Severity::Error || !revealed.contains(&*diagnostic.place.file),
    });
    surplus.into_iter().map(|(index, _)| index).collect()
}
