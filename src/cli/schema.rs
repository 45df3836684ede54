//! `soalint schema [KIND]`: print the JSON Schemas, for editors and other validators.

use std::io::{self, Write};

use crate::dialect::DialectName;
use crate::model::kind::FileKind;
use crate::schema::generate;

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
