//! `soalint schema [KIND]`: print the JSON Schemas, for editors and other validators.

use std::io::{self, Write};

use crate::dialect::DialectName;
use crate::model::kind::FileKind;
use crate::schema::generate;
use crate::suggest;
use crate::text::printable;

use super::args::{Global, SchemaArgs};
use super::{Error, Exit};

pub(super) fn run(global: &Global, args: &SchemaArgs, out: &mut dyn Write) -> Result<Exit, Error> {
    let names = || FileKind::ALL.into_iter().map(FileKind::name);
    let kind = match &args.kind {
        None => None,
        Some(name) => Some(FileKind::parse(name).ok_or_else(|| {
            let help = match suggest::nearest(name, names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("one of {}", names().collect::<Vec<_>>().join(", ")),
            };
            Error::usage(format!("there is no kind of file `{}`", printable(name)), help)
        })?),
    };
    print(kind, global.dialect.map(Into::into).unwrap_or_default(), out)?;
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
