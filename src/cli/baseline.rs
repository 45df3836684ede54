//! `soalint baseline`, and the baseline of a check.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::baseline::{Baseline, FILE_NAME, MOST_BYTES, Stale, can_be_recorded, is_unreadable};
use crate::check::{self, Outcome, Scope};
use crate::config::BaselineFile;
use crate::diagnostic::Diagnostic;
use crate::findings;
use crate::repo::printable;
use crate::report::counted;
use crate::report::escape::Inert;
use crate::rules::Env;
use crate::write::{self, Bounds};

use super::args::Global;
use super::beside::{Beside, Reason};
use super::tree::Tree;
use super::{Error, Exit, configuration, files, orientation};

/// Files that cannot be read and are named at most.
const MOST_NAMED: usize = 20;

/// Options of `baseline`.
#[derive(Debug, Args)]
pub struct BaselineArgs {
    /// What to do
    #[arg(value_enum, value_name = "ACTION")]
    pub action: Action,
    /// The file [default: the one that .soalint.yaml names, else .soalint-baseline.json at the root of
    /// the tree]
    #[arg(short = 'o', long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// ACTION of `baseline`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Action {
    /// Record everything that `check` finds now
    Write,
    /// Remove the entries whose finding is gone
    Prune,
    /// Say which entries are gone; exit status 1 if there are any
    Check,
}

/// A baseline file: where it is, and how messages name it.
struct Target {
    path: PathBuf,
    shown: String,
    bounds: Bounds,
}

impl Target {
    /// The file that the command line names, else that of the configuration, else the usual one.
    fn new(named: Option<&Path>, configured: Option<&BaselineFile>, tree: &Tree) -> Result<Self, Error> {
        if let Some(path) = named {
            let shown = printable(path.as_os_str());
            return Ok(Self { path: path.to_path_buf(), shown, bounds: tree.bounds() });
        }
        let name = configured.map_or(FILE_NAME, BaselineFile::as_str);
        let shown = crate::text::printable(&format!("{}{name}", tree.prefix()));
        let path = tree.disk.root().join(name);
        if let Some(wrong) = files::wrong_link(tree.disk.root(), &path) {
            return Err(Error::usage(format!("`{shown}` {wrong}"), "name the file on the command line"));
        }
        Ok(Self { path, shown, bounds: tree.bounds() })
    }

    fn read(&self) -> Result<Baseline, Error> {
        let bytes = files::read(&self.path, MOST_BYTES).map_err(|error| error.to_string());
        bytes.and_then(|bytes| parse(&self.shown, bytes)).map_err(|reason| unusable(&self.shown, &reason))
    }

    /// Replaces the file, if it is a baseline: which one it is says a configuration that may be a stranger's.
    fn write(&self, baseline: &Baseline) -> Result<(), Error> {
        if self.path.exists() && self.read().is_err() {
            return Err(Error::usage(
                format!("`{}` is no baseline, and is not overwritten", self.shown),
                "delete it, or name another file: `--output`, or `baseline` in .soalint.yaml",
            ));
        }
        let text = baseline.text().map_err(io::Error::from)?;
        write::file(&self.path, text.as_bytes(), &self.bounds)
            .map_err(|error| Error::usage(format!("cannot write `{}`: {error}", self.shown), ""))
    }
}

/// The baseline of a check, if the command line or the configuration names one; `prefix` is how the tree is reached.
pub(super) fn load(
    named: Option<&Path>,
    configured: Option<&BaselineFile>,
    beside: Beside<'_>,
    prefix: &str,
) -> Result<Option<Arc<Baseline>>, Error> {
    // Findings name it from the root, as they do every file; messages as the user reaches it.
    let (name, shown, read) = match (named, configured) {
        (Some(path), _) => {
            let read = files::read(path, MOST_BYTES).map_err(|error| error.to_string());
            let shown = printable(path.as_os_str());
            (shown.clone(), shown, read)
        }
        (None, Some(file)) => {
            let name = crate::text::printable(file.as_str());
            let shown = format!("{}{name}", crate::text::printable(prefix));
            let read = match beside.read(file.as_str(), MOST_BYTES) {
                Ok(bytes) => Ok(bytes),
                Err(Reason::Absent) => Err("there is no such file".to_owned()),
                Err(Reason::Other(reason, help)) if !help.is_empty() => {
                    return Err(Error::usage(format!("cannot use the baseline `{shown}`: {reason}"), help));
                }
                Err(Reason::Other(reason, _)) => Err(reason),
                Err(Reason::Link(wrong)) => {
                    return Err(Error::usage(
                        format!("`{shown}` {wrong}"),
                        "name the file on the command line",
                    ));
                }
            };
            (name, shown, read)
        }
        (None, None) => return Ok(None),
    };
    let baseline = read.and_then(|bytes| parse(&name, bytes));
    Ok(Some(Arc::new(baseline.map_err(|reason| unusable(&shown, &reason))?)))
}

fn parse(name: &str, bytes: Vec<u8>) -> Result<Baseline, String> {
    Baseline::parse(name, bytes).map_err(|error| error.to_string())
}

fn unusable(name: &str, reason: &str) -> Error {
    let help = "`soalint baseline write` makes a new one";
    Error::usage(format!("cannot use the baseline `{name}`: {reason}"), help)
}

pub(super) fn run(global: &Global, args: &BaselineArgs, out: &mut dyn Write) -> Result<Exit, Error> {
    // A configuration that may be a stranger's names the file, and findings are of its tree.
    let mut lines = Inert::new(out);
    let exit = run_on_lines(global, args, &mut lines)?;
    lines.flush()?;
    Ok(exit)
}

fn run_on_lines(global: &Global, args: &BaselineArgs, out: &mut dyn Write) -> Result<Exit, Error> {
    let tree = Tree::open(global.soa_dir.as_deref())?;
    let loaded = configuration::read(global, &tree)?;
    let target = Target::new(args.output.as_deref(), loaded.baseline.as_ref(), &tree)?;
    let mut settings = loaded.settings;
    settings.today = Some(super::settings_args::today(None));
    if args.action == Action::Write {
        orientation::warn_unless_tree(&tree, &Scope::Everything);
        let outcome = check::check(&tree.disk, &Scope::Everything, &Env::new(settings));
        tree.refuse_incomplete()?;
        return record(&target, &outcome, loaded.baseline.is_none(), out);
    }
    settings.baseline = Some(Arc::new(target.read()?));
    let env = Env::new(settings);
    let outcome = check::check(&tree.disk, &Scope::Everything, &env);
    if outcome.internal_error {
        return Err(failed());
    }
    tree.refuse_incomplete()?;
    let stale = match &env.settings.baseline {
        Some(baseline) => baseline.stale(&env, &Scope::Everything, &tree.disk, &outcome),
        None => Vec::new(),
    };
    let done = if args.action == Action::Check { list(&stale, out) } else { prune(&target, &stale, out) }?;
    Ok(match say_unread(&outcome) {
        Exit::Clean => done,
        unread => unread,
    })
}

fn failed() -> Error {
    Error::usage("a rule failed, so that not everything was found", "`soalint check` says which one")
}

fn record(target: &Target, outcome: &Outcome, is_new: bool, out: &mut dyn Write) -> Result<Exit, Error> {
    if outcome.internal_error {
        return Err(failed());
    }
    refuse_too_many(outcome, "recorded")?;
    let baseline = Baseline::of(outcome);
    target.write(&baseline)?;
    let (findings, files) = (counted(baseline.len(), "finding"), counted(baseline.files(), "file"));
    writeln!(out, "Wrote {findings} in {files} to {}.", target.shown)?;
    let left = outcome.each().filter(|each| !can_be_recorded(*each)).count();
    if left > 0 {
        let findings = counted(left, "finding");
        say!("note: {findings} cannot be recorded: files that cannot be read, ignores of no use");
    }
    let exit = say_unread(outcome);
    if is_new && target.shown == FILE_NAME {
        say!("note: `check` takes it into account with `baseline: {FILE_NAME}` in .soalint.yaml");
    }
    Ok(exit)
}

/// Names the files and directories that could not be read: what is wrong with them is unknown, and so is
/// whether what was recorded of their services is gone.
fn say_unread(outcome: &Outcome) -> Exit {
    let unreadable = outcome.diagnostics.iter().filter(|diagnostic| is_unreadable(diagnostic));
    let files: BTreeSet<&str> = unreadable.map(|diagnostic| &*diagnostic.place.file).collect();
    for file in files.iter().take(MOST_NAMED) {
        say!("note: `{}` cannot be read: `soalint check` says why", crate::text::printable(file));
    }
    if files.len() > MOST_NAMED {
        say!("note: {} more cannot be read", files.len() - MOST_NAMED);
    }
    if files.is_empty() { Exit::Clean } else { Exit::Findings }
}

/// Refuses to write down findings of which some are only counted: nothing is `done` to any of them then.
pub(super) fn refuse_too_many(outcome: &Outcome, done: &str) -> Result<(), Error> {
    let Some(rest) = outcome.diagnostics.iter().find(|diagnostic| diagnostic.is_rest()) else {
        return Ok(());
    };
    let is_like_it = |d: &&Diagnostic| d.rule.name == rest.rule.name && d.place.file == rest.place.file;
    let number: usize = outcome.diagnostics.iter().filter(is_like_it).map(Diagnostic::number).sum();
    let (file, rule) = (&rest.place.file, rest.rule.name);
    Err(Error::usage(
        format!(
            "`{file}` has {number} findings of `{rule}`, of which only {} are described: nothing is {done}",
            findings::MOST
        ),
        "repair the file first, or set the level of the rule for it under `per-path` in .soalint.yaml",
    ))
}

fn prune(target: &Target, stale: &[Stale], out: &mut dyn Write) -> Result<Exit, Error> {
    let number: usize = stale.iter().map(|stale| stale.count).sum();
    if number == 0 {
        writeln!(out, "Nothing of {} is gone.", target.shown)?;
        return Ok(Exit::Clean);
    }
    let baseline = target.read()?.without(stale);
    target.write(&baseline)?;
    let (gone, left) = (counted(number, "finding"), baseline.len());
    writeln!(out, "Removed {gone} from {}; {left} left.", target.shown)?;
    Ok(Exit::Clean)
}

fn list(stale: &[Stale], out: &mut dyn Write) -> Result<Exit, Error> {
    for Stale { entry, count, .. } in stale {
        let times = if *count == 1 { String::new() } else { format!(" ({count} times)") };
        let line = format!("{}: gone[{}] {}{times}", entry.file, entry.rule, entry.message);
        writeln!(out, "{}", crate::text::printable(&line))?;
    }
    Ok(if stale.is_empty() { Exit::Clean } else { Exit::Findings })
}
