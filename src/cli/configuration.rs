//! Reading `.soalint.yaml`. A mistake in it gets the same treatment as any other: the place, the
//! reason, a suggestion; and the run does not start (exit status 2).

use std::io;

use crate::check::Outcome;
use crate::config::{self, BaselineFile, Settings};
use crate::diagnostic::{Diagnostic, Finding, Severity};
use crate::repo::printable;
use crate::report::{self, Format};
use crate::rules;
use crate::yaml::{self, Budget};

use super::args::Global;
use super::beside::{Beside, Reason};
use super::{Error, files, terminal, tree};

/// What a run is told, and where.
pub(super) struct Loaded {
    /// The file's settings, then what the command line says to every command.
    pub(super) settings: Settings,
    /// The baseline that the file names.
    pub(super) baseline: Option<BaselineFile>,
    /// The file: its name and how it is written.
    pub(super) written: Option<(String, yaml::Tree)>,
}

impl Loaded {
    /// Whether the file is the same.
    pub(super) fn has_same_text(&self, other: &Self) -> bool {
        let text = |loaded: &Self| loaded.written.as_ref().map(|(_, tree)| tree.source().text().to_owned());
        text(self) == text(other)
    }
}

/// The settings of a run.
pub(super) fn load(global: &Global, tree: &tree::Tree) -> Result<Settings, Error> {
    Ok(read(global, tree)?.settings)
}

/// The settings of a run, and where they come from.
pub(super) fn read(global: &Global, tree: &tree::Tree) -> Result<Loaded, Error> {
    read_beside(global, Beside::Disk(tree))
}

/// The same for services that are not those on disk.
pub(super) fn read_beside(global: &Global, beside: Beside<'_>) -> Result<Loaded, Error> {
    parse(global, file(global, beside)?).map_err(|findings| refuse(global, findings))
}

/// What a run was told before a change; `None` if nobody could be told by it.
pub(super) fn read_earlier(global: &Global, beside: Beside<'_>) -> Option<Loaded> {
    parse(global, file(global, beside).ok()?).ok()
}

fn parse(global: &Global, file: Option<(String, Vec<u8>)>) -> Result<Loaded, Vec<Finding>> {
    let mut loaded = match file {
        Some((name, bytes)) => {
            let read = config::read(&name, &bytes)?;
            let baseline = read.file.baseline.clone();
            let settings = Settings::from_file(read.file);
            Loaded { settings, baseline, written: Some((name, read.tree)) }
        }
        None => Loaded { settings: Settings::default(), baseline: None, written: None },
    };
    if let Some(dialect) = global.dialect {
        loaded.settings.dialect = dialect.into();
    }
    Ok(loaded)
}

/// Name and bytes of the configuration file, if there is one to read.
fn file(global: &Global, beside: Beside<'_>) -> Result<Option<(String, Vec<u8>)>, Error> {
    if global.isolated {
        return Ok(None);
    }
    // One byte more than the reader accepts, so that it can say that the file is too large.
    let limit = Budget::default().max_bytes as u64 + 1;
    let unreadable =
        |shown: &str, reason: String, help| Error::usage(format!("cannot read `{shown}`: {reason}"), help);
    if let Some(path) = &global.config {
        let shown = printable(path.as_os_str());
        return match files::read(path, limit) {
            Ok(bytes) => Ok(Some((shown, bytes))),
            Err(error) => Err(unreadable(&shown, error.to_string(), "")),
        };
    }
    let shown = config::FILE_NAME;
    match beside.read(shown, limit) {
        Ok(bytes) => Ok(Some((shown.to_owned(), bytes))),
        Err(Reason::Absent) => Ok(None),
        Err(Reason::Link(wrong)) => {
            Err(Error::usage(format!("`{shown}` {wrong}"), "name the file with --config"))
        }
        Err(Reason::Other(reason, help)) => Err(unreadable(shown, reason, help)),
    }
}

/// Shows the mistakes on stderr.
fn refuse(global: &Global, findings: Vec<Finding>) -> Error {
    let rule = &rules::internal::configuration::RULE;
    let diagnose = |finding| Diagnostic { rule, severity: Severity::Error, finding };
    let outcome = Outcome { diagnostics: findings.into_iter().map(diagnose).collect(), ..Outcome::default() };
    let style = terminal::error_style(global);
    // Nobody is left to tell if this fails.
    let _ = report::write(Format::Human, &outcome, &style, &mut io::stderr().lock());
    Error::Configuration
}
