//! Reading `.soalint.yaml`. A mistake in it gets the same treatment as any other: the place, the
//! reason, a suggestion; and the run does not start (exit status 2).

use std::io;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize as _;

use crate::check::Outcome;
use crate::config::{self, ConfigFile, Settings};
use crate::diagnostic::{Diagnostic, Finding, Place, Severity};
use crate::repo::printable;
use crate::report::{self, Format};
use crate::rules::{self, RULES};
use crate::source::{SourceText, Span};
use crate::suggest;
use crate::yaml::{self, Budget, Kind, Tree, Value};

use super::args::Global;
use super::{Error, terminal, tree};

/// The settings of a run: the file's, then what the command line says.
pub(super) fn load(global: &Global, tree: &tree::Tree) -> Result<Settings, Error> {
    let mut settings = match file(global, tree)? {
        Some((name, bytes)) => {
            let file = parse(&name, &bytes).map_err(|finding| refuse(global, *finding))?;
            Settings::from_file(file)
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

fn parse(name: &str, bytes: &[u8]) -> Result<ConfigFile, Box<Finding>> {
    let file: Arc<str> = Arc::from(name);
    let tree = yaml::parse(bytes, &Budget::default()).map_err(|error| {
        let place = Place::span(&file, &error.source, error.span);
        Box::new(Finding::new(place, format!("this is not valid YAML: {}", error.problem)))
    })?;
    if tree.root().kind() == Kind::Null {
        return Ok(ConfigFile::default());
    }
    let source: &Arc<SourceText> = tree.source();
    let at = |span: Span, message: String| Finding::new(Place::span(&file, source, span), message);
    let parsed = ConfigFile::deserialize(tree.root()).map_err(|error| {
        let span = error.span.unwrap_or_default();
        Box::new(suggest_key(at(span, error.to_string()), &tree, span))
    })?;
    for entry in rule_entries(&tree) {
        let rule = entry.as_str().unwrap_or_default();
        if rules::find(rule).is_none() {
            let finding = at(entry.span(), format!("there is no rule `{rule}`"));
            let names = RULES.iter().map(|rule| rule.name);
            return Err(Box::new(match suggest::nearest(rule, names) {
                Some(near) => finding.label(format!("did you mean `{near}`?")),
                None => finding.help("`soalint rules` lists the rules"),
            }));
        }
    }
    Ok(parsed)
}

fn rule_entries(tree: &Tree) -> impl Iterator<Item = Value<'_>> {
    let rules = tree.root().get("rules").filter(|rules| rules.kind() == Kind::Map);
    rules.into_iter().flat_map(|rules| rules.entries().map(|entry| entry.key))
}

/// Puts serde's words into ours: what was expected, and the nearest known word.
fn suggest_key(finding: Finding, tree: &Tree, span: Span) -> Finding {
    let Some((head, expected)) = finding.message.split_once(", expected ") else { return finding };
    let got = ["invalid type: ", "invalid value: "].iter().find_map(|prefix| head.strip_prefix(prefix));
    if let Some(got) = got {
        let expected = match expected {
            "u16" => "a whole number from 0 to 65535",
            "a sequence" => "a list",
            "a map" => "a mapping",
            other => other,
        };
        let message = format!("expected {expected}, got {got}");
        return Finding { message, ..finding };
    }
    let message = head.replace("unknown field", "unknown key").replace("unknown variant", "unknown value");
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    let near = suggest::nearest(span.of(tree.text()), known.iter().copied());
    let label = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
    let help = format!("known here: {}", known.join(", "));
    Finding { message, ..finding.clone() }.label(label).help(help)
}

/// Shows the mistake on stderr.
fn refuse(global: &Global, finding: Finding) -> Error {
    let rule = &rules::internal::configuration::RULE;
    let outcome = Outcome {
        diagnostics: vec![Diagnostic { rule, severity: Severity::Error, finding }],
        ..Outcome::default()
    };
    let style = terminal::error_style(global);
    // Nobody is left to tell if this fails.
    let _ = report::write(Format::Human, &outcome, &style, &mut io::stderr().lock());
    Error::Configuration
}
