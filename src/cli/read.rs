//! `soalint read FILE`: how PaaSTA reads this file.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::report::printable;
use crate::report::read::{self, ReadFormat};
use crate::source::{SourceText, Span};
use crate::yaml::{self, Budget};

use super::Exit;

/// Reads `file` and shows it on `out`; findings go to `err`.
///
/// A file that PyYAML refuses gives a finding, nothing on `out`, and [`Exit::Findings`]; one that
/// cannot be read at all, [`Exit::Failure`]. What is merely worth a finding does not change the exit.
pub fn run(file: &Path, format: ReadFormat, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<Exit> {
    let name = printable(&file.to_string_lossy());
    let bytes = match fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) => {
            writeln!(err, "error: cannot read {name}: {error}")?;
            return Ok(Exit::Failure);
        }
    };
    let place = |source: &SourceText, span: Span| {
        let position = source.position(span.start);
        format!("{name}:{}:{}", position.line, position.column)
    };
    match yaml::parse(&bytes, &Budget::default()) {
        Ok(tree) => {
            for (span, rule, message) in read::findings(&tree) {
                writeln!(err, "{}: warning[{rule}]: {message}", place(tree.source(), span))?;
            }
            read::write(format, &tree, out)?;
            Ok(Exit::Clean)
        }
        Err(error) => {
            let place = place(&error.source, error.span);
            writeln!(err, "{place}: error[yaml-syntax]: {}", printable(&error.problem))?;
            Ok(Exit::Findings)
        }
    }
}
