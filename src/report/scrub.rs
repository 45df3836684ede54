//! The last look at what is said: whatever a rule quotes, no report repeats a secret of the files that
//! its finding speaks of.

use std::borrow::Cow;

use rayon::prelude::*;

use crate::check::Outcome;
use crate::diagnostic::{Finding, Related};

use super::Style;

/// The outcome without secrets in the words of the findings that are shown. Their paths and what tells them
/// apart stay, since fingerprints are made of those.
pub(super) fn scrubbed<'a>(outcome: &'a Outcome, style: &Style) -> Cow<'a, Outcome> {
    // Looking for the secrets of a file takes longer than all that is said of it.
    let shown = style.shown(outcome).par_iter().enumerate();
    let clean: Vec<(usize, Finding)> =
        shown.filter_map(|(index, diagnostic)| Some((index, clean(&diagnostic.finding)?))).collect();
    if clean.is_empty() {
        return Cow::Borrowed(outcome);
    }
    let mut outcome = outcome.clone();
    for (index, finding) in clean {
        if let Some(diagnostic) = outcome.diagnostics.get_mut(index) {
            diagnostic.finding = finding;
        }
    }
    Cow::Owned(outcome)
}

/// The finding without secrets; `None` if it says none.
fn clean(finding: &Finding) -> Option<Finding> {
    let places = std::iter::once(&finding.place).chain(finding.related.iter().map(|related| &related.place));
    if places.filter_map(|place| place.source.as_ref()).all(|source| source.hidden().is_empty()) {
        return None;
    }
    let scrub = |words: &str| finding.scrub(words).into_owned();
    // What is written in a rule quotes nothing.
    let scrub_quoting = |words: &Cow<'static, str>| match words {
        Cow::Borrowed(words) => Cow::Borrowed(*words),
        Cow::Owned(words) => Cow::Owned(scrub(words)),
    };
    let related =
        |related: &Related| Related { place: related.place.clone(), message: scrub(&related.message) };
    let (message, label) = (scrub(&finding.message), scrub(&finding.label));
    let (why, help) = (scrub_quoting(&finding.why), scrub_quoting(&finding.help));
    let title = finding.fix.as_ref().map(|fix| scrub(&fix.title));
    let is_clean = message == finding.message
        && label == finding.label
        && why == finding.why
        && help == finding.help
        && title.as_ref() == finding.fix.as_ref().map(|fix| &fix.title)
        && finding.related.iter().all(|related| scrub(&related.message) == related.message);
    if is_clean {
        return None;
    }
    let mut clean = Finding { message, label, why, help, ..finding.clone() };
    clean.related = finding.related.iter().map(related).collect();
    if let (Some(fix), Some(title)) = (&mut clean.fix, title) {
        fix.title = title;
    }
    Some(clean)
}
