//! `soalint check --fix` and `--diff`.

use std::collections::BTreeSet;
use std::io::Write;

use clap::Args;

use crate::baseline;
use crate::check::Outcome;
use crate::findings;
use crate::fix::{self, Change, Counts, Fixed};
use crate::repo::disk::DiskTree;
use crate::repo::git::WorkingTree;
use crate::report::{self, Style};
use crate::text::printable;

use super::{Error, Exit};

/// Options of repairs.
#[derive(Debug, Args)]
#[command(next_help_heading = "Fixes")]
pub struct FixArgs {
    /// Repair what can be repaired without changing what is meant, and report the rest
    #[arg(long, conflicts_with_all = ["against", "staged", "pre_commit"])]
    pub fix: bool,
    /// With --fix or --diff, also make repairs that a person should look at
    #[arg(long)]
    pub unsafe_fixes: bool,
    /// Show what --fix would change as a unified diff and write nothing; the exit status is 1 if
    /// something would change
    #[arg(long, conflicts_with_all = ["against", "staged", "pre_commit"])]
    pub diff: bool,
}

impl FixArgs {
    /// Whether anything is to be repaired.
    pub(super) const fn is_on(&self) -> bool {
        self.fix || self.diff
    }
}

/// Repairs what `check` finds, or shows the differences.
///
/// Returns what is left to report, or the exit status where everything is said.
pub(super) fn run(
    args: &FixArgs,
    verbose: bool,
    disk: &WorkingTree,
    style: &Style,
    check: &fix::CheckPartFn<'_>,
    out: &mut dyn Write,
) -> Result<Repaired, Error> {
    let Fixed { outcome, changes, counts, refusals } = fix::fix_in_parts(disk, args.unsafe_fixes, check);
    if verbose {
        for refusal in &refusals {
            let path = printable(&style.path(&refusal.place.file));
            let reason = refusal.place.scrub(&refusal.reason);
            say!("soalint: `{path}`: no fix for {}: {}", refusal.rule, printable(&reason));
        }
    }
    if args.diff {
        let obstacle = match report::diff::write(&changes, style, out) {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => None,
            written => written?,
        };
        if let Some(obstacle) = obstacle.filter(|_| !style.quiet) {
            say!("note: this patch cannot be applied as it is: {obstacle}");
        }
        if !style.quiet {
            say!("{}", report::would_fix(counts));
        }
        // What could not be read may want repairs as well.
        let unreadable = outcome.diagnostics.iter().filter(|d| baseline::is_unreadable(d));
        let unread: BTreeSet<&str> = unreadable.map(|d| &*d.place.file).collect();
        for file in &unread {
            say!("note: `{}` cannot be read: `soalint check` says why", printable(&style.path(file)));
        }
        let exit = match (outcome.internal_error, changes.is_empty() && unread.is_empty()) {
            (true, _) => Exit::Failure,
            (false, true) => Exit::Clean,
            (false, false) => Exit::Findings,
        };
        return Ok(Repaired::Said { exit, outcome: Box::new(outcome) });
    }
    let failed = write_all(disk, &changes, style);
    if failed.files == 0 {
        return Ok(Repaired::Left { outcome: Box::new(outcome), counts, failed: false });
    }
    // What could not be written is still there to be found.
    let outcome = check(disk, None, findings::MOST);
    let counts = counts.without(failed);
    Ok(Repaired::Left { outcome: Box::new(outcome), counts, failed: true })
}

/// What comes after repairs.
pub(super) enum Repaired {
    /// A report of the rest.
    Left {
        /// What is found after the repairs.
        outcome: Box<Outcome>,
        /// How many there were.
        counts: Counts,
        /// Whether a file could not be written.
        failed: bool,
    },
    /// Nothing but why something was not checked.
    Said {
        /// The exit status, if nothing failed.
        exit: Exit,
        /// What was found.
        outcome: Box<Outcome>,
    },
}

/// Writes the files; returns what is in those that could not be written, each of which is named on stderr.
pub(super) fn write_all(disk: &DiskTree, changes: &[Change], style: &Style) -> Counts {
    let mut failed = Counts::default();
    let mut writer = disk.writer();
    for change in changes {
        let replaced = if change.before == change.after {
            Ok(())
        } else {
            writer.replace(&change.file, &change.before, &change.after)
        };
        let written = replaced.and_then(|()| match &change.rename {
            Some(name) => writer.rename(&change.file, name, &change.after),
            None => Ok(()),
        });
        if let Err(reason) = written {
            let path = style.path(&format!("{}/{}", change.file.service, change.file.file));
            say!("error: `{}` is not fixed: {reason}", printable(&path));
            failed.files += 1;
            failed.findings += change.findings;
        }
    }
    failed
}
