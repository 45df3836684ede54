//! JSON Schemas (draft 7) from the table of keys, one per kind of file and dialect.
//!
//! Editors validate, complete and explain with them. What is an error in a dialect is an error in
//! its schema; what soalint only warns about is valid. Alternatives are told apart by type or by
//! `if`, so that an editor never has to say "matches none of the schemas".

use serde_json::{Value, json};

use super::describe::{describe, example, is_scalar, joined, plain, title};
use super::keywords::{
    EVERY_TYPE, Object, also_schema, form_schema, json_or_text, merge_alternatives, never, object, offered,
    ranged, sentence, word_schema,
};
use crate::dialect::{Dialect, DialectName};
use crate::model::keys;
use crate::model::kind::FileKind;
use crate::model::marathon::{DrainParams, HttpDrainParams};
use crate::model::table::{
    DefaultValue, Effect, Key, List, Names, Provenance, Range, Record, Shape, Shaped, Together, Tuple,
    Unknown, Word,
};
use crate::model::types::{INSTANCE_NAME, JOB_KEY};

/// Where the schemas say they are published, unless `--base-url` names another place.
pub const BASE: &str = "https://soalint.example/schemas/";

/// The metaschema that the generated schemas follow.
pub const METASCHEMA: &str = "http://json-schema.org/draft-07/schema#";

/// The schema of a kind of file.
pub fn schema(kind: FileKind, dialect: DialectName) -> Value {
    let generator = Generator { dialect: dialect.dialect(), kind };
    let mut schema = Object::new();
    schema.insert("$schema".into(), json!(METASCHEMA));
    schema.insert("$id".into(), json!(format!("{BASE}{}", path(kind, dialect))));
    schema.insert("title".into(), json!(kind.file_pattern()));
    schema.insert("description".into(), json!(description(kind, dialect)));
    for (keyword, value) in generator.shape(keys::root(kind), Place::TOP) {
        schema.entry(keyword).or_insert(value);
    }
    // Every reader but `paasta validate` takes an empty file for an empty mapping.
    if !kind.has_instances() {
        schema.insert("type".into(), json!(["object", "null"]));
    }
    if let (Some(Value::Object(entry)), Some((title, description))) =
        (schema.get_mut("additionalProperties"), entry_words(kind))
    {
        entry.insert("title".into(), json!(title));
        describe(entry, description);
    }
    Value::Object(schema)
}

/// The schema of one declared type, in the dialect of the documentation: what
/// `schemars::schema_for!` gives for the types of [`crate::model`].
pub fn schema_of<T: Shaped>() -> schemars::Schema {
    // The kind decides only between keys of the same name in several kinds.
    let generator = Generator { dialect: DialectName::Documented.dialect(), kind: FileKind::Marathon };
    generator.shape(&T::SHAPE, Place::TOP).into()
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

struct Generator {
    dialect: &'static Dialect,
    kind: FileKind,
}

/// Where a shape is.
#[derive(Clone, Copy)]
struct Place<'k> {
    /// The key of which it is the value, or a part of it.
    key: Option<&'k Key>,
    /// Whether it is within the value of a key: not a file, instance or namespace itself.
    is_nested: bool,
}

impl<'k> Place<'k> {
    const TOP: Place<'static> = Place { key: None, is_nested: false };
    const NESTED: Place<'static> = Place { key: None, is_nested: true };

    const fn of(key: &'k Key) -> Self {
        Self { key: Some(key), is_nested: true }
    }

    const fn range(self) -> Option<Range> {
        match self.key {
            Some(key) => key.range,
            None => None,
        }
    }
}

impl Generator {
    /// The keywords for a shape; `place` says what its scalars may be.
    fn shape(&self, shape: &Shape, place: Place<'_>) -> Object {
        match shape.resolve(self.dialect, self.kind) {
            Shape::Anything | Shape::When(..) => Object::new(),
            Shape::Text => object([("type", json!("string"))]),
            Shape::Form(form) => form_schema(form),
            Shape::Word(list) => word_schema(list),
            Shape::Integer => ranged("integer", place.range()),
            Shape::Number => ranged("number", place.range()),
            Shape::Boolean => object([("type", json!("boolean"))]),
            Shape::Scalar => object([("type", json!(["string", "number", "boolean"]))]),
            Shape::List(list) => self.list(list, place),
            Shape::Tuple(tuple) => self.tuple(tuple),
            Shape::Map(map) => {
                let mut schema = object([("type", json!("object")), ("title", json!(title(map.what)))]);
                if map.min > 0 {
                    schema.insert("minProperties".into(), json!(map.min));
                }
                let value = Value::Object(self.shape(&map.value, place));
                self.names(map.names, value, &mut schema);
                schema
            }
            Shape::Record(record) => self.record(record, place.is_nested),
            Shape::Whitelist => self.whitelist(),
            Shape::Lax(lax) => {
                let mut alternatives = vec![self.shape(&lax.shape, place)];
                alternatives
                    .extend(lax.also.iter().map(|also| also_schema(*also, &lax.shape, place.range())));
                merge_alternatives(alternatives)
            }
            Shape::NullOr(shape) => {
                merge_alternatives(vec![self.shape(shape, place), object([("type", json!("null"))])])
            }
            Shape::Either(shapes) => {
                merge_alternatives(shapes.iter().map(|shape| self.shape(shape, place)).collect())
            }
        }
    }

    fn list(&self, list: &List, place: Place<'_>) -> Object {
        let mut schema = object([("type", json!("array"))]);
        if list.min > 0 {
            schema.insert("minItems".into(), json!(list.min));
        }
        let mut item = self.shape(&list.item, Place { is_nested: true, ..place });
        if let Some(key) = place.key.filter(|key| !key.suggestions.is_empty()) {
            item.insert("examples".into(), json!(key.suggestions));
        }
        schema.insert("items".into(), Value::Object(item));
        if list.distinct {
            schema.insert("uniqueItems".into(), json!(true));
        }
        schema
    }

    fn tuple(&self, tuple: &Tuple) -> Object {
        let items: Vec<Value> =
            tuple.items.iter().map(|item| Value::Object(self.shape(item, Place::NESTED))).collect();
        let what = format!("{}, as in {}", tuple.what, tuple.form);
        object([
            ("type", json!("array")),
            ("description", json!(plain(&what))),
            ("minItems", json!(tuple.min)),
            ("items", json!(items)),
            // Not `maxItems`, for which editors have words of their own.
            ("additionalItems", never(&plain(&format!("one item too many for {what}")))),
        ])
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
                    let mut schema = Object::new();
                    describe(&mut schema, &word.markdown());
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

    fn record(&self, record: &Record, is_nested: bool) -> Object {
        let accepted = || record.keys().filter(|key| (key.accepted)(self.dialect));
        let mut schema = object([("type", json!("object")), ("title", json!(title(record.what)))]);
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
        let property = |key: &Key| (key.name.to_owned(), Value::Object(self.property(key, is_nested)));
        let properties: Object = accepted().map(property).collect();
        schema.insert("properties".into(), Value::Object(properties));
        schema
    }

    fn property(&self, key: &Key, is_nested: bool) -> Object {
        let default = key.default.value(self.dialect).map(json_or_text);
        // Editors write the defaults of all keys of a mapping when somebody completes the name of the mapping,
        // and there what is written hides what comes from elsewhere: `page: false` in an instance hides
        // `page: true` in monitoring.yaml. Of a list or mapping they write the default with its own key.
        let is_default_there = !is_nested && default.as_ref().is_some_and(is_scalar);
        let offered = offered(key, default.as_ref(), is_default_there);
        let doc = joined(&key.markdown());
        let mut schema = object([
            ("description", json!(plain(&doc))),
            ("markdownDescription", json!(self.markdown(key, &doc, offered.is_empty()))),
        ]);
        schema.extend(self.shape(&key.shape, Place::of(key)));
        if schema.contains_key("title") && !key.title.is_empty() {
            schema.insert("title".into(), json!(key.title));
        }
        if matches!(key.shape, Shape::Anything) {
            // The same as nothing, but without a type editors insert no colon after the key.
            schema.insert("type".into(), json!(EVERY_TYPE));
        }
        if let Some(value) = default.filter(|_| is_default_there) {
            schema.insert("default".into(), value);
        }
        if !offered.is_empty() {
            schema.insert("examples".into(), json!(offered));
        }
        if key.deprecated.is_some() {
            // Without `deprecationMessage`: yaml-language-server shows that as an error. Hover says what to
            // use instead.
            schema.insert("deprecated".into(), json!(true));
        }
        if key.deprecated.is_some() || self.effect(key) == Effect::NeverRead {
            schema.insert("doNotSuggest".into(), json!(true));
        }
        schema
    }

    fn effect(&self, key: &Key) -> Effect {
        if (key.read)(self.dialect) { key.effect_in(self.kind) } else { Effect::NeverRead }
    }

    /// What hover shows: meaning, type, default, effect, and an example if editors know none.
    fn markdown(&self, key: &Key, doc: &str, with_example: bool) -> String {
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
        let effect = sentence(self.effect(key).sentence());
        let shown = if with_example && !key.example.is_empty() {
            example(key.name, &json_or_text(key.example))
        } else {
            String::new()
        };
        format!("{doc}\n\n*{words}*{default}\n\n{effect}{note}{shown}")
    }

    /// `[]`, `[type, [value, ...]]`, and in the documentation's dialect `[[type, [value, ...]]]`.
    fn whitelist(&self) -> Object {
        let form = "a location type with its list of locations, as in [region, [uswest1-prod]]";
        let pair = json!({
            "if": {"minItems": 1},
            "then": {
                "items": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
                "minItems": 2,
                "additionalItems": never(&format!("one item too many for {form}"))
            }
        });
        let mut schema = object([("type", json!("array"))]);
        if self.dialect.nested_whitelist {
            schema.insert("if".into(), json!({"minItems": 1, "items": {"type": "array"}}));
            let mut inner = pair.clone();
            if let Value::Object(inner) = &mut inner {
                inner.insert("type".into(), json!("array"));
            }
            let several = never(&format!("only one list is possible here: {form}"));
            schema.insert("then".into(), json!({"items": [inner], "additionalItems": several}));
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
                        "then": {"properties": {"parents": never("a job has either a schedule or parents")}}
                    }));
                }
                demands
            }
        }
    }

    fn drain_http(&self) -> Vec<Value> {
        let mut calls = self.shape(&HttpDrainParams::SHAPE, Place::NESTED);
        // Called as without the condition: editors say the same mistake once.
        if let Shape::Record(params) = DrainParams::SHAPE {
            calls.insert("title".into(), json!(title(params.what)));
        }
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
