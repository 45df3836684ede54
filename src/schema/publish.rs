//! What is published: the schemas of every kind and dialect, and a catalog that leads editors to them.

use serde_json::{Map, Value, json};

use super::{configuration, generate};
use crate::config;
use crate::dialect::DialectName;
use crate::model::kind::FileKind;

/// Name of the catalog, beside the schemas.
pub const CATALOG: &str = "catalog.json";

/// Name of the schema of soalint's own configuration, which is the same in both dialects.
pub const CONFIGURATION: &str = "soalint.schema.json";

/// What the directories are called that hold trees of soa-configs: the name in PaaSTA's documentation,
/// the general one, and the place from which PaaSTA reads.
const TREES: [&str; 3] = ["yelpsoa-configs", "soa-configs", "nail/etc/services"];

/// Every published file: path below the directory of schemas, and text. `base` is the address of that
/// directory, with `/` at its end.
pub fn files(base: &str) -> Vec<(String, String)> {
    let one =
        |dialect| FileKind::ALL.map(|kind| (generate::path(kind, dialect), schema(kind, dialect, base)));
    let mut files: Vec<_> = DialectName::ALL.into_iter().flat_map(one).collect();
    files.push((CONFIGURATION.to_owned(), configuration(base)));
    files.push((CATALOG.to_owned(), format!("{:#}\n", catalog(base))));
    files
}

/// The schema of `.soalint.yaml`.
pub fn configuration(base: &str) -> String {
    let mut schema = configuration::schema();
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("$id".to_owned(), json!(format!("{base}{CONFIGURATION}")));
    }
    format!("{schema:#}\n")
}

/// A schema with its own address.
fn schema(kind: FileKind, dialect: DialectName, base: &str) -> String {
    let mut schema = generate::schema(kind, dialect);
    if let Some(id) = schema.get_mut("$id") {
        *id = json!(format!("{base}{}", generate::path(kind, dialect)));
    }
    format!("{schema:#}\n")
}

/// The catalog in the form of schemastore.org, which editors can be pointed at.
///
/// A catalog counts in every project of its user, and a `service.yaml` elsewhere is something else:
/// so it claims only files of directories that are called like a tree of soa-configs.
fn catalog(base: &str) -> Value {
    let address = |kind, dialect| format!("{base}{}", generate::path(kind, dialect));
    let entry = |kind: FileKind| {
        let versions: Map<String, Value> = DialectName::ALL
            .into_iter()
            .map(|dialect| (dialect.name().to_owned(), json!(address(kind, dialect))))
            .collect();
        let globs: Vec<String> =
            TREES.iter().map(|tree| format!("**/{tree}/*/{}", kind.file_pattern())).collect();
        json!({
            "name": format!("PaaSTA {}", kind.file_pattern()),
            "description": generate::description(kind, DialectName::default()),
            "fileMatch": globs,
            "url": address(kind, DialectName::default()),
            "versions": versions,
        })
    };
    let mut schemas = FileKind::ALL.map(entry).to_vec();
    schemas.push(json!({
        "name": format!("soalint {}", config::FILE_NAME),
        "description": "Configuration of soalint for one tree of soa-configs.",
        "fileMatch": [config::FILE_NAME],
        "url": format!("{base}{CONFIGURATION}"),
    }));
    json!({
        "$schema": "https://json.schemastore.org/schema-catalog.json",
        "version": 1,
        "schemas": schemas,
    })
}
