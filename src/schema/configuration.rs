//! The schema of `.soalint.yaml`, of the type that reads it, in a form that editors show well.

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use serde_json::{Map, Value, json};

use super::describe::{describe, flow, is_scalar, joined};
use super::keywords::one_of;
use crate::config::{self, ConfigFile};

/// Where the definitions are.
const DEFINITIONS: &str = "#/definitions/";

/// The definition that a few hundred keys refer to. All others stand where they are used: editors show
/// what a definition says instead of what its use says, and insert no colon after a key that is a mere
/// reference.
const SHARED: &str = "LevelName";

/// The schema, without its address.
pub(super) fn schema() -> Value {
    let settings = SchemaSettings::draft07().with_transform(RecursiveTransform(for_editors));
    let mut schema = settings.into_generator().into_root_schema_for::<ConfigFile>();
    schema.insert("title".to_owned(), json!(config::FILE_NAME));
    let mut schema = schema.to_value();
    let mut definitions = match schema.get_mut("definitions") {
        Some(Value::Object(definitions)) => std::mem::take(definitions),
        _ => Map::new(),
    };
    // Editors would show it instead of what the rule finds.
    if let Some(Value::Object(shared)) = definitions.get_mut(SHARED) {
        shared.remove("description");
    }
    inline(&mut schema, &definitions, &mut Vec::new());
    for (name, definition) in &mut definitions.clone() {
        inline(definition, &definitions, &mut vec![name.clone()]);
        definitions.insert(name.clone(), definition.take());
    }
    let text = schema.to_string() + &definitions.iter().map(|(_, it)| it.to_string()).collect::<String>();
    definitions.retain(|name, _| text.contains(&format!("{DEFINITIONS}{name}\"")));
    if let Some(place) = schema.get_mut("definitions") {
        *place = Value::Object(definitions);
    }
    schema
}

/// What schemars writes, in the keywords that editors read.
fn for_editors(schema: &mut Schema) {
    // `uint16` and the like are no formats of JSON Schema.
    schema.remove("format");
    let default = schema.remove("default").unwrap_or_default();
    let Some(schema) = schema.as_object_mut() else { return };
    words(schema);
    let text = schema.get("description").and_then(Value::as_str).map(str::to_owned);
    let is_list = default.as_array().is_some_and(|items| !items.is_empty());
    let is_said = is_list || (is_scalar(&default) && !default.is_null());
    if let Some(text) = text {
        let text = if is_said { format!("{text}\n\nDefault: `{}`", flow(&default)) } else { text };
        describe(schema, &text);
    }
    // A default is what an editor inserts with a key: of use only where there is something to change.
    if is_list {
        schema.insert("default".into(), default);
    }
}

/// An enumeration instead of one schema for each word.
fn words(schema: &mut Map<String, Value>) {
    let Some(Value::Array(words)) = schema.get("oneOf") else { return };
    let consts: Option<Vec<Value>> = words.iter().map(|word| word.get("const").cloned()).collect();
    let Some(consts) = consts else { return };
    let meaning = |word: &Value| joined(word.get("description").and_then(Value::as_str).unwrap_or_default());
    let meanings: Vec<String> = words.iter().map(meaning).collect();
    let texts: Vec<&str> = consts.iter().filter_map(Value::as_str).collect();
    let message = one_of(&texts);
    if texts.len() == consts.len() {
        schema.insert("type".into(), json!("string"));
    }
    schema.remove("oneOf");
    schema.insert("enum".into(), json!(consts));
    schema.insert("markdownEnumDescriptions".into(), json!(meanings));
    schema.insert("errorMessage".into(), json!(message));
}

/// Puts definitions in the place of references to them, but for those that it is `inside` of.
fn inline(schema: &mut Value, definitions: &Map<String, Value>, inside: &mut Vec<String>) {
    let referred = schema.as_object_mut().and_then(|schema| take_reference(schema, inside));
    let depth = inside.len();
    if let (Some((name, is_nullable)), Some(schema)) = (referred, schema.as_object_mut()) {
        let is_described = schema.contains_key("description");
        for (keyword, value) in definitions.get(&name).and_then(Value::as_object).into_iter().flatten() {
            if !(is_described && keyword == "markdownDescription") {
                schema.entry(keyword).or_insert_with(|| value.clone());
            }
        }
        if is_nullable {
            allow_null(schema);
        }
        inside.push(name);
    }
    match schema {
        Value::Object(parts) => parts.values_mut().for_each(|part| inline(part, definitions, inside)),
        Value::Array(parts) => parts.iter_mut().for_each(|part| inline(part, definitions, inside)),
        _ => {}
    }
    inside.truncate(depth);
}

/// Removes what a schema refers to, if it is a definition to put here; also says whether it could be null
/// instead.
fn take_reference(schema: &mut Map<String, Value>, inside: &[String]) -> Option<(String, bool)> {
    let parts = |keyword: &str| schema.get(keyword).and_then(Value::as_array).map(Vec::as_slice);
    let (keyword, reference, is_nullable) = match (parts("allOf"), parts("anyOf")) {
        (Some([one]), _) => ("allOf", one.get("$ref")?, false),
        (_, Some([one, null])) if null.get("type")? == "null" => ("anyOf", one.get("$ref")?, true),
        _ => ("$ref", schema.get("$ref")?, false),
    };
    let name = reference.as_str()?.strip_prefix(DEFINITIONS)?.to_owned();
    if name == SHARED || inside.contains(&name) {
        return None;
    }
    schema.remove(keyword);
    Some((name, is_nullable))
}

/// Makes a schema of one type accept null, too.
fn allow_null(schema: &mut Map<String, Value>) {
    if let Some(kind) = schema.get_mut("type") {
        *kind = json!([kind.take(), "null"]);
    }
    if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.push(Value::Null);
    }
    if let Some(Value::Array(meanings)) = schema.get_mut("markdownEnumDescriptions") {
        meanings.push(json!("As without the key."));
    }
}
