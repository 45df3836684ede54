//! JSON Schemas (draft 7) from the table of keys, one per kind of file and dialect.
//!
//! Editors validate, complete and explain with them. What is an error in a dialect is an error in
//! its schema; what soalint only warns about is valid. Alternatives are told apart by type or by
//! `if`, so that an editor never has to say "matches none of the schemas".

use serde_json::{Map, Value, json};

use crate::dialect::{Dialect, DialectName};
use crate::model::keys;
use crate::model::kind::FileKind;
use crate::model::marathon::HttpDrainParams;
use crate::model::table::{
    DefaultValue, Form, Key, Names, Provenance, Range, Record, Shape, Shaped, Together, Unknown, Word,
    WordList,
};
use crate::model::types::{INSTANCE_NAME, JOB_KEY};

/// Where the schemas say they are published, unless `--base-url` names another place.
pub const BASE: &str = "https://soalint.example/schemas/";

/// The metaschema that the generated schemas follow.
pub const METASCHEMA: &str = "http://json-schema.org/draft-07/schema#";

type Object = Map<String, Value>;

/// The schema of a kind of file.
pub fn schema(kind: FileKind, dialect: DialectName) -> Value {
    let generator = Generator { dialect: dialect.dialect(), kind };
    let mut schema = Object::new();
    schema.insert("$schema".into(), json!(METASCHEMA));
    schema.insert("$id".into(), json!(format!("{BASE}{}", path(kind, dialect))));
    schema.insert("title".into(), json!(kind.file_pattern()));
    schema.insert("description".into(), json!(description(kind, dialect)));
    schema.extend(generator.shape(keys::root(kind), None));
    // Every reader but `paasta validate` takes an empty file for an empty mapping.
    if !kind.has_instances() {
        schema.insert("type".into(), json!(["object", "null"]));
    }
    if let (Some(Value::Object(entry)), Some((title, description))) =
        (schema.get_mut("additionalProperties"), entry_words(kind))
    {
        entry.insert("title".into(), json!(title));
        entry.insert("description".into(), json!(description));
    }
    Value::Object(schema)
}

/// The schema of one declared type, in the dialect of the documentation: what
/// `schemars::schema_for!` gives for the types of [`crate::model`].
pub fn schema_of<T: Shaped>() -> schemars::Schema {
    // The kind decides only between keys of the same name in several kinds.
    let generator = Generator { dialect: DialectName::Documented.dialect(), kind: FileKind::Marathon };
    generator.shape(&T::SHAPE, None).into()
}

/// Where the schema of a kind lies below `schemas/`.
pub fn path(kind: FileKind, dialect: DialectName) -> String {
    let file = format!("{}.schema.json", kind.name());
    match dialect {
        DialectName::Documented => file,
        DialectName::Paasta066 => format!("{}/{file}", dialect.name()),
    }
}

/// The schema as published: indented, with a line break at the end.
pub fn text(kind: FileKind, dialect: DialectName) -> String {
    format!("{:#}\n", schema(kind, dialect))
}

/// What files of a kind are for, in a sentence.
pub(super) fn description(kind: FileKind, dialect: DialectName) -> String {
    let what = match kind {
        FileKind::Marathon => "Long-running instances of a PaaSTA service in one cluster.",
        FileKind::Chronos => "Scheduled jobs of a PaaSTA service in one cluster.",
        FileKind::Adhoc => "Instances of a PaaSTA service that people start by hand, in one cluster.",
        FileKind::Smartstack => "Registration, discovery and load balancing of a service.",
        FileKind::Monitoring => "Who is alerted about a service, and how.",
        FileKind::Service => "Facts about a service.",
        FileKind::Deploy => "The deployment pipeline of a service.",
        FileKind::Dependencies => "What the outbound firewall lets a service reach.",
    };
    match dialect {
        DialectName::Documented => what.to_owned(),
        DialectName::Paasta066 => format!("{what} As paasta-tools 0.66.6 reads it."),
    }
}

/// What an entry at the top of a file is, for kinds with entries.
const fn entry_words(kind: FileKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        FileKind::Marathon => (
            "Marathon instance",
            "An instance: tasks that always run, all from the same image with the same command.",
        ),
        FileKind::Chronos => ("Chronos job", "A job: a task that runs by a schedule, or after its parents."),
        FileKind::Adhoc => {
            ("adhoc instance", "An instance: a task that somebody starts by hand and that ends.")
        }
        FileKind::Smartstack => (
            "SmartStack namespace",
            "A namespace: what clients find under one name and, through HAProxy, at one port.",
        ),
        FileKind::Dependencies => (
            "dependency list",
            "What the instances that name this list in `dependencies_reference` may reach.",
        ),
        FileKind::Monitoring | FileKind::Service | FileKind::Deploy => return None,
    })
}

/// `text` as JSON, or as a string if it is none.
fn json_or_text(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| json!(text))
}

/// 1000 rather than 1000.0.
fn number(value: f64) -> Value {
    serde_json::from_str(&value.to_string()).unwrap_or_else(|_| json!(value))
}

struct Generator {
    dialect: &'static Dialect,
    kind: FileKind,
}

impl Generator {
    /// The keywords for a shape; `key` says what its scalars may be.
    fn shape(&self, shape: &Shape, key: Option<&Key>) -> Object {
        match shape.resolve(self.dialect, self.kind) {
            Shape::Anything | Shape::When(..) => Object::new(),
            Shape::Text => object([("type", json!("string"))]),
            Shape::Form(form) => form_schema(form),
            Shape::Word(list) => word_schema(list),
            Shape::Integer => ranged("integer", key.and_then(|key| key.range)),
            Shape::Number => ranged("number", key.and_then(|key| key.range)),
            Shape::Boolean => object([("type", json!("boolean"))]),
            Shape::Scalar => object([("type", json!(["string", "number", "boolean"]))]),
            Shape::List(list) => {
                let mut schema = object([("type", json!("array"))]);
                if list.min > 0 {
                    schema.insert("minItems".into(), json!(list.min));
                }
                let mut item = self.shape(&list.item, key);
                if let Some(key) = key.filter(|key| !key.suggestions.is_empty()) {
                    item.insert("examples".into(), json!(key.suggestions));
                }
                schema.insert("items".into(), Value::Object(item));
                if list.distinct {
                    schema.insert("uniqueItems".into(), json!(true));
                }
                schema
            }
            Shape::Tuple(tuple) => {
                let items: Vec<Value> =
                    tuple.items.iter().map(|item| Value::Object(self.shape(item, None))).collect();
                object([
                    ("type", json!("array")),
                    ("description", json!(format!("{}, as in {}", tuple.what, tuple.form))),
                    ("minItems", json!(tuple.min)),
                    ("maxItems", json!(items.len())),
                    ("items", json!(items)),
                ])
            }
            Shape::Map(map) => {
                let mut schema = object([("type", json!("object"))]);
                if map.min > 0 {
                    schema.insert("minProperties".into(), json!(map.min));
                }
                let value = Value::Object(self.shape(&map.value, key));
                self.names(map.names, value, &mut schema);
                schema
            }
            Shape::Record(record) => self.record(record),
            Shape::Whitelist => self.whitelist(),
            Shape::NullOr(shape) => {
                merge_alternatives(vec![self.shape(shape, key), object([("type", json!("null"))])])
            }
            Shape::Either(shapes) => {
                merge_alternatives(shapes.iter().map(|shape| self.shape(shape, key)).collect())
            }
        }
    }

    fn names(&self, names: Names, value: Value, schema: &mut Object) {
        let form = match names {
            Names::Any => None,
            Names::Form(form) => Some(form),
            Names::Instance => match self.kind {
                FileKind::Marathon => Some(&INSTANCE_NAME),
                FileKind::Chronos => Some(&JOB_KEY),
                _ => None,
            },
            Names::Words(list) => {
                let described = |word: &Word| {
                    let mut schema = object([("description", json!(word.markdown()))]);
                    schema.extend(value.as_object().cloned().unwrap_or_default());
                    (word.text.to_owned(), Value::Object(schema))
                };
                let properties: Object = list.words.iter().map(described).collect();
                schema.insert("properties".into(), Value::Object(properties));
                schema.insert("additionalProperties".into(), json!(false));
                return;
            }
        };
        if let Some(form) = form {
            schema.insert("propertyNames".into(), Value::Object(form_schema(form)));
        }
        schema.insert("additionalProperties".into(), value);
    }

    fn record(&self, record: &Record) -> Object {
        let accepted = || record.keys().filter(|key| (key.accepted)(self.dialect));
        let mut schema = object([("type", json!("object"))]);
        if record.min > 0 {
            schema.insert("minProperties".into(), json!(record.min));
        }
        if matches!(record.unknown, Unknown::Refused(_)) {
            schema.insert("additionalProperties".into(), json!(false));
        }
        let required: Vec<&str> =
            accepted().filter(|key| (key.required)(self.dialect)).map(|key| key.name).collect();
        if !required.is_empty() {
            schema.insert("required".into(), json!(required));
        }
        let demands: Vec<Value> =
            record.together.iter().flat_map(|together| self.together(*together)).collect();
        if !demands.is_empty() {
            schema.insert("allOf".into(), json!(demands));
        }
        let properties: Object =
            accepted().map(|key| (key.name.to_owned(), Value::Object(self.property(key)))).collect();
        schema.insert("properties".into(), Value::Object(properties));
        schema
    }

    fn property(&self, key: &Key) -> Object {
        let doc = key.markdown();
        let mut schema = object([
            ("description", json!(doc.replace('`', ""))),
            ("markdownDescription", json!(self.markdown(key, &doc))),
        ]);
        let shape = self.shape(&key.shape, Some(key));
        let is_list = matches!(key.shape, Shape::List(_));
        schema.extend(shape);
        if let Some(value) = key.default.value(self.dialect) {
            schema.insert("default".into(), json_or_text(value));
        }
        let mut examples = Vec::new();
        if !key.example.is_empty() {
            examples.push(json_or_text(key.example));
        }
        if !is_list {
            for suggestion in key.suggestions.iter().map(|text| json!(text)) {
                if !examples.contains(&suggestion) {
                    examples.push(suggestion);
                }
            }
        }
        if !examples.is_empty() {
            schema.insert("examples".into(), json!(examples));
        }
        if key.deprecated.is_some() {
            // Without `deprecationMessage`: yaml-language-server shows that as an error. Hover says what to
            // use instead.
            schema.insert("deprecated".into(), json!(true));
            schema.insert("doNotSuggest".into(), json!(true));
        }
        schema
    }

    /// What hover shows: meaning, type, default, effect.
    fn markdown(&self, key: &Key, doc: &str) -> String {
        let default = match key.default {
            DefaultValue::None => String::new(),
            DefaultValue::Computed(words) => format!(" · default: {words}"),
            default => format!(" · default `{}`", default.value(self.dialect).unwrap_or_default()),
        };
        let note = match key.deprecated {
            Some(instead) => format!("\n\n**Deprecated**: {}", sentence(instead)),
            None if key.provenance == Provenance::CodeOnly && !doc.contains("ndocumented") => {
                "\n\nUndocumented.".to_owned()
            }
            None => String::new(),
        };
        let words = key.type_words(self.dialect, self.kind);
        let effect = sentence(key.effect_in(self.kind).sentence());
        format!("{doc}\n\n*{words}*{default}\n\n{effect}{note}")
    }

    /// `[]`, `[type, [value, ...]]`, and in the documentation's dialect `[[type, [value, ...]]]`.
    fn whitelist(&self) -> Object {
        let pair = json!({
            "if": {"minItems": 1},
            "then": {
                "items": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
                "minItems": 2,
                "maxItems": 2
            }
        });
        let mut schema = object([("type", json!("array"))]);
        if self.dialect.nested_whitelist {
            schema.insert("if".into(), json!({"minItems": 1, "items": {"type": "array"}}));
            let mut inner = pair.clone();
            if let Value::Object(inner) = &mut inner {
                inner.insert("type".into(), json!("array"));
            }
            schema.insert("then".into(), json!({"maxItems": 1, "items": inner}));
            schema.insert("else".into(), pair);
        } else if let Value::Object(pair) = pair {
            schema.extend(pair);
        }
        schema
    }

    fn together(&self, together: Together) -> Vec<Value> {
        match together {
            Together::HealthcheckCmd => {
                let mut demands = vec![json!({
                    "if": {"required": ["healthcheck_mode"], "properties": {"healthcheck_mode": {"const": "cmd"}}},
                    "then": {"required": ["healthcheck_cmd"]}
                })];
                if !self.dialect.healthcheck_cmd_without_mode {
                    demands.push(json!({"dependencies": {"healthcheck_cmd": ["healthcheck_mode"]}}));
                }
                demands
            }
            Together::DrainHttp => self.drain_http(),
            Together::Trigger => {
                let mut demands = vec![json!({
                    "if": {"not": {"required": ["parents"]}},
                    "then": {"required": ["schedule"]}
                })];
                if !self.dialect.schedule_wins_over_parents {
                    demands.push(json!({
                        "if": {"required": ["schedule"]},
                        "then": {"properties": {"parents": {
                            "not": {},
                            "errorMessage": "a job has either a schedule or parents"
                        }}}
                    }));
                }
                demands
            }
        }
    }

    fn drain_http(&self) -> Vec<Value> {
        let calls = self.shape(&HttpDrainParams::SHAPE, None);
        let mut demands = vec![json!({
            "if": {"required": ["drain_method"], "properties": {"drain_method": {"const": "http"}}},
            "then": {"required": ["drain_method_params"], "properties": {"drain_method_params": calls}}
        })];
        if !self.dialect.drain_calls_without_method {
            let names: Vec<&str> = HttpDrainParams::GROUP.keys.iter().map(|key| key.name).collect();
            let maps: Object =
                names.iter().map(|name| ((*name).to_owned(), json!({"type": "object"}))).collect();
            demands.push(json!({
                "if": {
                    "required": ["drain_method_params"],
                    "properties": {"drain_method_params": {
                        "type": "object", "required": names, "properties": maps
                    }}
                },
                "then": {"required": ["drain_method"]}
            }));
        }
        demands
    }
}

fn object<const N: usize>(entries: [(&str, Value); N]) -> Object {
    entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A sentence with its capital and full stop.
fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    characters
        .next()
        .map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), characters.as_str()))
}

fn form_schema(form: &Form) -> Object {
    object([
        ("type", json!("string")),
        ("pattern", json!(form.pattern)),
        ("patternErrorMessage", json!(format!("{} is {}", form.what, form.rule))),
    ])
}

fn word_schema(list: &WordList) -> Object {
    let words: Vec<&str> = list.words.iter().map(|word| word.text).collect();
    let meanings: Vec<String> = list.words.iter().map(Word::markdown).collect();
    object([("type", json!("string")), ("enum", json!(words)), ("markdownEnumDescriptions", json!(meanings))])
}

fn ranged(name: &str, range: Option<Range>) -> Object {
    let mut schema = object([("type", json!(name))]);
    let Some(range) = range else { return schema };
    let limits = [("minimum", range.min), ("exclusiveMinimum", range.above), ("maximum", range.max)];
    for (keyword, limit) in limits {
        if let Some(limit) = limit {
            schema.insert(keyword.into(), number(limit));
        }
    }
    if range.whole {
        schema.insert("multipleOf".into(), json!(1));
    }
    schema
}

/// One schema for alternatives of different types: the keywords of each look at its type only.
fn merge_alternatives(alternatives: Vec<Object>) -> Object {
    let mut types = Vec::new();
    let mut merged = Object::new();
    for mut alternative in alternatives {
        match alternative.remove("type") {
            Some(Value::Array(several)) => types.extend(several),
            one => types.extend(one),
        }
        merged.extend(alternative);
    }
    let mut schema = object([("type", Value::Array(types))]);
    schema.extend(merged);
    schema
}
