//! The committed schemas and generated pages are current, well formed, and agree with the table.

use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::{Value, json};
use soalint::dialect::{self, DialectName};
use soalint::model::adhoc::AdhocInstance;
use soalint::model::chronos::ChronosJob;
use soalint::model::keys;
use soalint::model::kind::FileKind;
use soalint::model::marathon::MarathonInstance;
use soalint::model::smartstack::Namespace;
use soalint::model::table::{DefaultValue, Key};
use soalint::report;
use soalint::schema::{generate, publish};

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Compares a committed file with what it should be, or rewrites it on request.
fn assert_current(path: &Path, expected: &str) {
    if env::var_os("SOALINT_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, expected).unwrap();
        return;
    }
    let committed = fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == expected,
        "{} is not what the table says; run `SOALINT_BLESS=1 cargo test --test library`",
        path.display()
    );
}

#[test]
fn committed_schemas_are_current() {
    for (path, text) in publish::files(generate::BASE) {
        assert_current(&root("schemas").join(path), &text);
    }
}

#[test]
fn committed_schemas_of_the_reports_are_current() {
    let schemas = [("report", report::report_schema()), ("report-line", report::line_schema())];
    for (name, text) in schemas {
        let schema: Value = serde_json::from_str(&text).unwrap();
        jsonschema::draft7::meta::validate(&schema).unwrap();
        assert_current(&root("schemas").join(format!("{name}.schema.json")), &text);
    }
}

#[test]
fn pages_of_the_rules_are_current() {
    let files = soalint::rules::pages::files();
    for (name, text) in &files {
        assert_current(&root("docs/rules").join(name), text);
    }
    for committed in fs::read_dir(root("docs/rules")).unwrap() {
        let path = committed.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let is_known = files.iter().any(|(known, _)| *known == name);
        if !is_known && env::var_os("SOALINT_BLESS").is_some() {
            fs::remove_file(&path).unwrap();
            continue;
        }
        assert!(is_known, "docs/rules/{name} belongs to no rule: remove it");
    }
}

#[test]
fn documentation_vs_code_is_current() {
    assert_current(&root("docs/documentation-vs-code.md"), &dialect::markdown());
}

#[test]
fn schemas_follow_draft_7() {
    for kind in FileKind::ALL {
        for dialect in DialectName::ALL {
            let schema = generate::schema(kind, dialect);
            assert_eq!(schema["$schema"], generate::METASCHEMA);
            if let Err(error) = jsonschema::draft7::meta::validate(&schema) {
                panic!("{kind:?} {dialect}: {error}");
            }
        }
    }
}

/// `text` as the generator reads examples and defaults.
fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| json!(text))
}

/// The schema of one key, found in the generated schema by its path.
fn property<'a>(schema: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(schema, |schema, step| match *step {
        "*" => [&schema["additionalProperties"], &schema["items"]]
            .into_iter()
            .chain(schema["properties"].as_object().into_iter().flat_map(|names| names.values()))
            .find(|inner| inner.is_object()),
        name => schema["properties"].get(name),
    })
}

#[test]
fn examples_and_defaults_are_valid() {
    for dialect in DialectName::ALL {
        for kind in FileKind::ALL {
            let schema = generate::schema(kind, dialect);
            for (path, key) in keys::all(kind) {
                check_key(&schema, &path, key, (kind, dialect));
            }
        }
    }
}

fn check_key(schema: &Value, path: &[&str], key: &Key, (kind, dialect): (FileKind, DialectName)) {
    let accepted = (key.accepted)(dialect.dialect());
    let Some(property) = property(schema, path) else {
        assert!(
            !accepted || path.iter().filter(|step| **step == "*").count() > 1,
            "{path:?} is not in the schema"
        );
        return;
    };
    assert!(accepted, "{path:?} is in the schema of {dialect}");
    let validator = jsonschema::draft7::new(property).unwrap();
    let example = value(key.example);
    assert!(key.example.is_empty() || validator.is_valid(&example), "{path:?}: example {example}");
    if let Some(default) = key.default.value(dialect.dialect())
        && default != "null"
    {
        assert!(validator.is_valid(&value(default)), "{path:?}: default {default}");
    }
    if let Some(default) = property.get("default") {
        assert_eq!(Some(default.clone()), key.default.value(dialect.dialect()).map(value), "{path:?}");
    }
    for example in property["examples"].as_array().into_iter().flatten() {
        assert!(validator.is_valid(example), "{path:?}: example {example}");
    }
    assert!(matches!(key.default, DefaultValue::None) || !property["markdownDescription"].is_null());
    let words = key.values(dialect.dialect(), kind);
    for word in property["enum"].as_array().into_iter().flatten() {
        assert!(words.contains(&word.as_str().unwrap()), "{path:?} {word}");
    }
}

/// What a completion may write, and what is shown, of every schema in `schema`. `depth` counts the
/// properties that it is within.
fn assert_fit_for_editors(schema: &Value, path: &str, depth: usize) {
    let Some(keywords) = schema.as_object() else { return };
    for name in ["title", "description", "errorMessage", "patternErrorMessage"] {
        let text = keywords.get(name).map(|text| text.as_str().unwrap()).unwrap_or_default();
        assert!(!text.contains('`'), "{path}: {name} is shown as it is: {text}");
        let words = text.replace("\n\n", "");
        assert!(!words.contains('\n'), "{path}: {name} breaks lines: {text}");
    }
    if schema["type"] == "object" {
        assert!(schema["title"].is_string(), "{path}: editors name a mapping without a title after another");
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}/{name}");
        if property["doNotSuggest"] != true {
            assert_inserts_no_value(property, &path);
        }
        let is_scalar = |value: &Value| !value.is_object() && !value.is_array();
        if let Some(default) = property.get("default") {
            let is_list = default.as_array().is_some_and(|items| !items.is_empty());
            assert!(is_list || (depth == 0 && is_scalar(default)), "{path}: written unasked: {default}");
        }
        let examples = property["examples"].as_array().map(Vec::as_slice).unwrap_or_default();
        assert!(examples.iter().all(is_scalar), "{path}: editors cannot write {examples:?}");
        assert_fit_for_editors(property, &path, depth + 1);
    }
    for keyword in ["additionalProperties", "items", "then", "else"] {
        assert_fit_for_editors(&schema[keyword], path, depth);
    }
    for keyword in ["allOf", "anyOf"] {
        for part in schema[keyword].as_array().into_iter().flatten() {
            assert_fit_for_editors(part, path, depth);
        }
    }
}

/// With the key of a text, number or boolean, editors write the only value that they have to offer, of
/// several none, and of a number without any 0.
fn assert_inserts_no_value(property: &Value, path: &str) {
    let first = property["type"].as_array().and_then(|types| types.first()).unwrap_or(&property["type"]);
    let count = |keyword: &str| property[keyword].as_array().map_or(0, Vec::len);
    let offered = count("examples") + count("enum") + usize::from(property.get("default").is_some());
    match first.as_str() {
        Some("integer" | "number") => assert!(offered > 1, "{path}: {offered} values"),
        Some("string" | "boolean") => assert!(offered != 1, "{path}: {property}"),
        _ => {}
    }
}

#[test]
fn schemas_are_fit_for_editors() {
    for (path, text) in publish::files(generate::BASE) {
        let schema: Value = serde_json::from_str(&text).unwrap();
        if path == publish::CATALOG {
            continue;
        }
        jsonschema::draft7::meta::validate(&schema).unwrap();
        assert_fit_for_editors(&schema, &path, 0);
        for (name, definition) in schema["definitions"].as_object().into_iter().flatten() {
            assert_fit_for_editors(definition, name, 0);
        }
    }
}

/// An entry with the example of every key of its record, but those in `without`.
fn full_entry(kind: FileKind, without: &[&str]) -> Value {
    let record = keys::entry_record(kind).unwrap();
    let keys = record.keys().filter(|key| !key.example.is_empty() && !without.contains(&key.name));
    Value::Object(keys.map(|key| (key.name.to_owned(), value(key.example))).collect())
}

#[test]
fn types_read_what_the_schemas_accept() {
    let marathon = full_entry(FileKind::Marathon, &["args"]);
    let chronos = full_entry(FileKind::Chronos, &["args"]);
    let adhoc = full_entry(FileKind::Adhoc, &["args"]);
    let smartstack = full_entry(FileKind::Smartstack, &[]);
    for (kind, entry) in [
        (FileKind::Marathon, &marathon),
        (FileKind::Chronos, &chronos),
        (FileKind::Adhoc, &adhoc),
        (FileKind::Smartstack, &smartstack),
    ] {
        let validator = jsonschema::draft7::new(&generate::schema(kind, DialectName::Documented)).unwrap();
        let file = json!({ "main": entry });
        let errors: Vec<String> = validator.iter_errors(&file).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{kind:?}: {errors:?}");
    }
    assert_eq!(round_trip::<MarathonInstance>(&marathon), marathon);
    assert_eq!(round_trip::<ChronosJob>(&chronos), chronos);
    assert_eq!(round_trip::<AdhocInstance>(&adhoc), adhoc);
    assert_eq!(round_trip::<Namespace>(&smartstack), smartstack);
}

fn round_trip<T: serde::de::DeserializeOwned + serde::Serialize>(value: &Value) -> Value {
    let typed: T = serde_json::from_value(value.clone()).unwrap();
    serde_json::to_value(typed).unwrap()
}

#[test]
fn types_know_their_schemas() {
    let published = generate::schema(FileKind::Marathon, DialectName::Documented);
    let of_type = serde_json::to_value(schemars::schema_for!(MarathonInstance)).unwrap();
    let instances = published["patternProperties"].as_object().and_then(|names| names.values().next());
    let instance = instances.unwrap_or(&published["additionalProperties"]);
    assert_eq!(of_type["properties"], instance["properties"]);
    assert!(of_type["properties"]["cpus"]["description"].is_string());
}
