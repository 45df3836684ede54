//! `soalint read FILE`: how PaaSTA reads this file.

use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::Path;
use std::sync::Arc;

use crate::check::Outcome;
use crate::diagnostic::Diagnostic;
use crate::findings::Findings;
use crate::repo::{Content, Document, disk};
use crate::report::read::{self, ReadFormat, Secrets};
use crate::report::{self, Format, Style};
use crate::rules::{self, Env};
use crate::text::printable;
use crate::write;
use crate::yaml::Budget;

use super::args::{Global, ReadArgs, TextOrJson};
use super::bounded::{self, Bounded};
use super::{Error, Exit, terminal};

/// Shows the tree on `out`; findings go to stderr.
///
/// A file that PyYAML refuses gives a finding, nothing on `out`, and [`Exit::Findings`]. What is
/// merely worth a finding, such as a duplicate key, does not change the exit.
pub(super) fn run(global: &Global, args: &ReadArgs, out: &mut dyn Write) -> Result<Exit, Error> {
    let name = crate::repo::printable(args.file.as_os_str());
    let env = Env::new(super::settings(global));
    let reader = env.reader();
    let bytes = bytes_of(&args.file, &reader.budget)
        .map_err(|error| Error::usage(format!("cannot read `{}`: {error}", printable(&name)), ""))?;
    let document = Document::read(Arc::from(name), Ok(bytes), &reader);
    let mut found = Findings::new(env.most_alike);
    rules::reader::report(&env, &document, &mut found);
    show_findings(found.into_list(), &terminal::error_style(global))?;
    match &document.content {
        Content::Parsed(tree) => {
            let format = match args.format {
                TextOrJson::Human => ReadFormat::Human,
                TextOrJson::Json => ReadFormat::Json,
            };
            let secrets = if args.show_secrets { Secrets::Shown } else { Secrets::Masked };
            let written = read::write(format, secrets, tree, &mut Bounded::new(out));
            bounded::complete(
                written,
                "aliases repeat what they stand for; `soalint check` judges the file without showing it",
            )?;
            Ok(Exit::Clean)
        }
        Content::Refused(_) | Content::Unreadable(_) => Ok(Exit::Findings),
    }
}

fn show_findings(mut diagnostics: Vec<Diagnostic>, style: &Style) -> io::Result<()> {
    diagnostics.sort_by(Diagnostic::order);
    let outcome = Outcome { diagnostics, ..Outcome::default() };
    super::until_closed(report::write(Format::Human, &outcome, style, &mut io::stderr().lock()))
}

/// The file up to one byte more than the reader accepts, so that it can say that it is too large.
fn bytes_of(path: &Path, budget: &Budget) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(budget.max_bytes).unwrap_or(u64::MAX);
    // What the shell opened is open already; another pipe could wait for ever for somebody to write.
    let file = if write::is_descriptor(path) { File::open(path)? } else { disk::open_regular(path)? };
    file.take(limit + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
