//! `soalint check --add-ignore`.

use std::cell::RefCell;

use crate::check::Outcome;
use crate::config::Settings;
use crate::findings;
use crate::fix::{self, Fixed};
use crate::repo::TreeSource;
use crate::repo::git::WorkingTree;
use crate::report::{Style, counted};
use crate::suppress::offer_ignores;
use crate::text::printable;

use super::Error;

/// Writes a comment that ignores it for `reason` to each finding of `check`, proved by another check, and
/// says on stderr what it did. Returns whether a file could not be written.
pub(super) fn run(
    disk: &WorkingTree,
    settings: &Settings,
    reason: &str,
    style: &Style,
    check: &fix::CheckPartFn<'_>,
) -> Result<bool, Error> {
    let reason = reason.trim();
    refuse_reason(settings, reason)?;
    let refused = RefCell::new(Ok(()));
    let offer = |source: &dyn TreeSource, only: Option<&std::collections::BTreeSet<String>>, _| -> Outcome {
        let mut outcome = check(source, only, findings::MOST);
        if let Err(error) = super::baseline::refuse_too_many(&outcome, "ignored") {
            *refused.borrow_mut() = Err(error);
            return Outcome::default();
        }
        offer_ignores(&mut outcome, settings.dialect, reason);
        outcome
    };
    // Whoever else uses an anchored text shares what is found in it.
    let Fixed { outcome, changes, counts, .. } = fix::fix_in_parts(disk, true, &offer);
    refused.into_inner()?;
    if outcome.internal_error {
        return Ok(true);
    }
    let failed = super::fix::write_all(disk, &changes, style);
    if !style.quiet {
        let counts = counts.without(failed);
        let left = outcome.diagnostics.len() + failed.findings;
        let ignored = match counts.findings {
            0 => "Nothing ignored".to_owned(),
            findings => {
                format!("Ignored {} in {}", counted(findings, "finding"), counted(counts.files, "file"))
            }
        };
        say!("{ignored}; {left} could not be ignored.");
    }
    Ok(failed.files > 0)
}

/// Refuses a reason that would not be read as one, or not be enough.
fn refuse_reason(settings: &Settings, reason: &str) -> Result<(), Error> {
    let ignores = &settings.ignores;
    let shown = printable(reason);
    let is_wanted = ignores.require_reason || ignores.ticket_pattern.is_some();
    if reason.chars().any(char::is_control) || reason.contains(['#', '\u{85}', '\u{2028}', '\u{2029}']) {
        return Err(Error::usage(
            format!("`{shown}` is no reason that fits a comment"),
            "one line without `#`",
        ));
    }
    if reason.split_whitespace().any(|word| word.starts_with("until=")) {
        return Err(Error::usage(
            "a day cannot be set for all ignores at once",
            "add `until=` where it is meant",
        ));
    }
    if is_wanted && reason.is_empty() {
        return Err(Error::usage("the configuration wants a reason", "give it with --add-ignore=REASON"));
    }
    if let Some(pattern) = ignores.ticket_pattern.as_ref().filter(|pattern| !pattern.is_match(reason)) {
        let help = format!("`ticket-pattern` of the configuration asks for {}", pattern.shown());
        return Err(Error::usage(format!("the reason `{shown}` names no ticket"), help));
    }
    Ok(())
}
