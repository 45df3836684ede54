//! `soalint schema`: the JSON Schemas, on standard output or as files, and the set-up of editors.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::config;
use crate::dialect::DialectName;
use crate::model::kind::FileKind;
use crate::schema::{generate, publish};
use crate::suggest;
use crate::text::printable;
use crate::write::{Bounds, Directory};

use super::args::Global;
use super::editor::{self, Editor, Schemas};
use super::tree::Tree;
use super::{Error, Exit, configuration};

/// Where the set-up of editors looks for the schemas unless `--write` names another directory: hidden,
/// since every other directory at the root of a tree is a service.
const DIRECTORY: &str = ".soalint/schemas";

/// KIND of the schema of soalint's own configuration.
const CONFIGURATION: &str = "configuration";

/// Options of `schema`.
#[derive(Debug, Args)]
#[command(
    after_help = "Set up an editor, at the root of the tree:\n  soalint schema --write .soalint/schemas --editor vscode > .vscode/settings.json"
)]
pub struct SchemaArgs {
    /// marathon, chronos, adhoc, smartstack, monitoring, service, deploy or dependencies [default:
    /// an object of all of them]; or configuration, for .soalint.yaml
    #[arg(value_name = "KIND", conflicts_with_all = ["write", "editor"])]
    pub kind: Option<String>,
    /// Write the schemas of both dialects into this directory, with catalog.json in the form of
    /// schemastore.org
    #[arg(long, value_name = "DIR")]
    pub write: Option<PathBuf>,
    /// Where that directory will be served, for the schemas' addresses in themselves and in the catalog
    #[arg(long, value_name = "URL", requires = "write")]
    pub base_url: Option<String>,
    /// Print settings that lead an editor to the schemas (in the directory of --write, else in
    /// .soalint/schemas)
    #[arg(long, value_enum, value_name = "EDITOR")]
    pub editor: Option<Editor>,
}

pub(super) fn run(global: &Global, args: &SchemaArgs, out: &mut dyn Write) -> Result<Exit, Error> {
    let dialect = dialect(global)?;
    let base = base_url(args.base_url.as_deref())?;
    if let Some(directory) = &args.write {
        let files = publish::files(&base);
        let tree = Tree::open(global.soa_dir.as_deref());
        let bounds = tree.map(|tree| tree.bounds()).unwrap_or_default();
        write_all(directory, &bounds, &files).map_err(|error| {
            let shown = printable(&directory.to_string_lossy());
            Error::usage(format!("cannot write the schemas to `{shown}`: {error}"), "")
        })?;
        if !global.quiet {
            say!("note: {} files written to {}", files.len(), printable(&directory.to_string_lossy()));
        }
    }
    if let Some(editor) = args.editor {
        let directory = args.write.as_deref().unwrap_or(Path::new(DIRECTORY));
        set_up(global, editor, directory, dialect, out)?;
    } else if args.kind.as_deref() == Some(CONFIGURATION) {
        out.write_all(publish::configuration(&base).as_bytes())?;
    } else if args.write.is_none() {
        print(args.kind.as_deref().map(kind).transpose()?, dialect, out)?;
    }
    Ok(Exit::Clean)
}

/// Prints the schema of `kind`; without one, an object of all schemas by kind.
pub fn print(kind: Option<FileKind>, dialect: DialectName, out: &mut dyn Write) -> io::Result<()> {
    if let Some(kind) = kind {
        return out.write_all(generate::text(kind, dialect).as_bytes());
    }
    let all: serde_json::Map<String, serde_json::Value> = FileKind::ALL
        .into_iter()
        .map(|kind| (kind.name().to_owned(), generate::schema(kind, dialect)))
        .collect();
    writeln!(out, "{:#}", serde_json::Value::Object(all))
}

fn kind(name: &str) -> Result<FileKind, Error> {
    let names = || FileKind::ALL.into_iter().map(FileKind::name).chain([CONFIGURATION]);
    FileKind::parse(name).ok_or_else(|| {
        let help = match suggest::nearest(name, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("one of {}", names().collect::<Vec<_>>().join(", ")),
        };
        Error::usage(format!("there is no kind of file `{}`", printable(name)), help)
    })
}

/// The dialect of the command line, else of the tree's configuration. Schemas need no tree: where there
/// is none, the default.
fn dialect(global: &Global) -> Result<DialectName, Error> {
    if let Some(dialect) = global.dialect {
        return Ok(dialect.into());
    }
    match Tree::open(global.soa_dir.as_deref()) {
        Ok(tree) => Ok(configuration::load(global, &tree)?.dialect),
        Err(_) if global.soa_dir.is_none() && global.config.is_none() => Ok(DialectName::default()),
        Err(error) => Err(error),
    }
}

/// An address with `/` at its end.
fn base_url(url: Option<&str>) -> Result<String, Error> {
    let Some(url) = url else { return Ok(generate::BASE.to_owned()) };
    let rest = ["https://", "http://", "file:///"].iter().find_map(|scheme| url.strip_prefix(scheme));
    let is_url = rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_graphic()));
    if !is_url || url.contains(['?', '#', '"', '\\']) {
        return Err(Error::usage(
            format!("`{}` is no address of a directory", printable(url)),
            "write it like https://schemas.example.com/soalint/",
        ));
    }
    Ok(format!("{}/", url.trim_end_matches('/')))
}

/// Writes every file or, where one cannot be written, none: first without names, then, when nothing but
/// naming is left, under their own.
fn write_all(directory: &Path, bounds: &Bounds, files: &[(String, String)]) -> io::Result<()> {
    let top = Directory::make(directory, bounds)?;
    let mut below: BTreeMap<&str, Directory> = BTreeMap::new();
    for (folder, _) in files.iter().filter_map(|(path, _)| path.split_once('/')) {
        if !below.contains_key(folder) {
            below.insert(folder, top.subdirectory(folder).map_err(|error| named(folder, &error))?);
        }
    }
    let mut staged = Vec::with_capacity(files.len());
    for (path, text) in files {
        let (directory, name) = match path.split_once('/') {
            Some((folder, name)) => (below.get(folder).unwrap_or(&top), name),
            None => (&top, path.as_str()),
        };
        let file = directory.stage(name, text.as_bytes()).map_err(|error| named(path, &error))?;
        staged.push((path, file));
    }
    staged.into_iter().try_for_each(|(path, file)| file.commit().map_err(|error| named(path, &error)))
}

fn named(path: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("`{path}`: {error}"))
}

/// Prints the settings, and on stderr where they belong.
fn set_up(
    global: &Global,
    editor: Editor,
    directory: &Path,
    dialect: DialectName,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let Some(name) = directory.to_str() else {
        let shown = printable(&directory.to_string_lossy());
        return Err(Error::usage(format!("`{shown}` is not UTF-8, so no editor could find it"), ""));
    };
    if !global.quiet {
        if !directory.join(generate::path(FileKind::Marathon, dialect)).is_file() {
            say!("note: there are no schemas yet; first run `soalint schema --write {}`", printable(name));
        }
        say!("note: {}", editor::instructions(editor));
        if global.dialect.is_none() && dialect != DialectName::default() {
            say!("note: these are the schemas of {dialect}, the dialect of {}", config::FILE_NAME);
        }
    }
    out.write_all(Schemas::new(name, dialect).text(editor).as_bytes())?;
    Ok(())
}
