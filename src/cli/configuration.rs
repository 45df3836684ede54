//! Reading `.soalint.yaml`. A mistake in it gets the same treatment as any other: the place, the
//! reason, a suggestion; and the run does not start (exit status 2).

use std::io;
use std::path::Path;

use crate::check::Outcome;
use crate::config::{self, Settings};
use crate::diagnostic::{Diagnostic, Finding, Severity};
use crate::repo::printable;
use crate::report::{self, Format};
use crate::rules;

use super::args::Global;
use super::{Error, terminal, tree};

/// The settings of a run: the file's, then what the command line says.
pub(super) fn load(global: &Global, tree: &tree::Tree) -> Result<Settings, Error> {
    let mut settings = match file(global, tree)? {
        Some((name, bytes)) => {
            let read = config::read(&name, &bytes).map_err(|findings| refuse(global, findings))?;
            Settings::from_file(read.file)
        }
        None => Settings::default(),
    };
    if let Some(dialect) = global.dialect {
        settings.dialect = dialect.into();
    }
    Ok(settings)
}

/// Name and bytes of the configuration file, if there is one to read.
fn file(global: &Global, tree: &tree::Tree) -> Result<Option<(String, Vec<u8>)>, Error> {
    if global.isolated {
        return Ok(None);
    }
    let named = global.config.as_deref();
    let path = named.map_or_else(|| tree.disk.root().join(config::FILE_NAME), Path::to_path_buf);
    let shown = named.map_or_else(|| config::FILE_NAME.to_owned(), |path| printable(path.as_os_str()));
    if named.is_none() && path.is_symlink() {
        // Nothing outside the tree is read unless the command line names it (design.md section 9).
        let inside = std::fs::canonicalize(&path).is_ok_and(|real| real.starts_with(tree.disk.root()));
        if !inside {
            return Err(Error::usage(
                format!("`{shown}` is a link that leaves the tree, which is not followed"),
                "name the file with --config",
            ));
        }
    }
    match std::fs::read(&path) {
        Ok(bytes) => Ok(Some((shown, bytes))),
        Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::usage(format!("cannot read `{shown}`: {error}"), "")),
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
