//! The published schemas as judges: the `jsonschema` crate directly over our tree, without a copy
//! of it as JSON.
//!
//! [`check`](super::check) walks the table of keys, which is several times faster and knows what was
//! meant; a file that it clears needs no second opinion (tests hold the two verdicts against each
//! other). A file that it does not clear is put before the schema that editors and other tools use,
//! so that soalint never calls wrong what its own schema calls right.

use std::borrow::Cow;
use std::sync::OnceLock;

use jsonschema::json::{Array, Json, JsonNumber, Node, NodeIdentity, Object};
use jsonschema::{JsonType, Validator};

use super::generate;
use crate::dialect::DialectName;
use crate::model::kind::FileKind;
use crate::yaml::{Entries, Items, Kind, Tree, Value};

/// Whether the schema of `kind` accepts the document; `None` if JSON has no words for what it says
/// (dates, binary data, sets, infinite numbers, keys that are no text).
pub fn is_valid(kind: FileKind, dialect: DialectName, tree: &Tree) -> Option<bool> {
    let validator = validator(kind, dialect)?;
    tree.values().all(is_json).then(|| validator.is_valid(JsonNode::Value(tree.root())))
}

/// Compiled when the first file needs it.
fn validator(kind: FileKind, dialect: DialectName) -> Option<&'static Validator<YamlJson>> {
    type Slot = OnceLock<Option<Validator<YamlJson>>>;
    static SLOTS: [[Slot; FileKind::ALL.len()]; DialectName::ALL.len()] =
        [const { [const { OnceLock::new() }; FileKind::ALL.len()] }; DialectName::ALL.len()];
    let row = DialectName::ALL.iter().position(|other| *other == dialect)?;
    let column = FileKind::ALL.iter().position(|other| *other == kind)?;
    let slot = SLOTS.get(row)?.get(column)?;
    // A test compiles every schema, so `None` does not happen; it would only cost the second opinion.
    slot.get_or_init(|| jsonschema::options_for::<YamlJson>().build(&generate::schema(kind, dialect)).ok())
        .as_ref()
}

fn is_json(value: Value<'_>) -> bool {
    match value.kind() {
        Kind::Date | Kind::DateTime | Kind::Binary | Kind::Set => false,
        Kind::Float => value.as_f64().is_some_and(f64::is_finite),
        Kind::Map => value.entries().all(|entry| entry.key.kind() == Kind::Str),
        _ => true,
    }
}

/// Our tree as a representation of JSON.
#[derive(Debug)]
pub struct YamlJson;

impl Json for YamlJson {
    type Node<'a> = JsonNode<'a>;
    type PreparedKey = String;
    type StringBuffer = ();

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>(_buffer: &mut (), string: &str, f: impl FnOnce(JsonNode<'_>) -> T) -> T {
        f(JsonNode::Name(string))
    }
}

/// A value of a tree, or the name of a property.
#[derive(Clone, Copy, Debug)]
pub enum JsonNode<'a> {
    /// A value.
    Value(Value<'a>),
    /// A name.
    Name(&'a str),
}

impl<'a> Node<'a, YamlJson> for JsonNode<'a> {
    type Object = Mapping<'a>;
    type Array = Sequence<'a>;
    type Number = Number<'a>;

    fn as_object(&self) -> Option<Mapping<'a>> {
        match self {
            JsonNode::Value(value) if value.kind() == Kind::Map => Some(Mapping(*value)),
            _ => None,
        }
    }

    fn as_array(&self) -> Option<Sequence<'a>> {
        match self {
            JsonNode::Value(value) if value.kind() == Kind::Seq => Some(Sequence(*value)),
            _ => None,
        }
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match self {
            JsonNode::Value(value) => value.as_str().map(Cow::Borrowed),
            JsonNode::Name(name) => Some(Cow::Borrowed(name)),
        }
    }

    fn as_number(&self) -> Option<Number<'a>> {
        match self {
            JsonNode::Value(value) if matches!(value.kind(), Kind::Int | Kind::Float) => Some(Number(*value)),
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self {
            JsonNode::Value(value) => value.as_bool(),
            JsonNode::Name(_) => None,
        }
    }

    fn is_null(&self) -> bool {
        matches!(self, JsonNode::Value(value) if value.is_null())
    }

    fn json_type(&self) -> JsonType {
        let JsonNode::Value(value) = self else { return JsonType::String };
        match value.kind() {
            Kind::Null => JsonType::Null,
            Kind::Bool => JsonType::Boolean,
            Kind::Int | Kind::Float => JsonType::Number,
            Kind::Seq | Kind::Set => JsonType::Array,
            Kind::Map => JsonType::Object,
            Kind::Str | Kind::Date | Kind::DateTime | Kind::Binary => JsonType::String,
        }
    }

    fn to_value(&self) -> Cow<'a, serde_json::Value> {
        Cow::Owned(match self {
            JsonNode::Value(value) => json(*value),
            JsonNode::Name(name) => serde_json::Value::from(*name),
        })
    }

    fn identity(&self) -> Option<NodeIdentity> {
        match self {
            JsonNode::Value(value) => {
                Some(NodeIdentity::tagged(std::ptr::from_ref(value.tree()) as usize, value.id()))
            }
            JsonNode::Name(_) => None,
        }
    }
}

/// The value as serde has it; the tree's budgets bound its size.
fn json(value: Value<'_>) -> serde_json::Value {
    match value.kind() {
        Kind::Null => serde_json::Value::Null,
        Kind::Bool => value.as_bool().into(),
        Kind::Int | Kind::Float => serde_json::Value::Number(number(value)),
        Kind::Seq | Kind::Set => value.items().map(json).collect(),
        Kind::Map => {
            value.entries().map(|entry| (entry.key.repr().into_owned(), json(entry.value))).collect()
        }
        Kind::Str | Kind::Date | Kind::DateTime | Kind::Binary => value.repr().into_owned().into(),
    }
}

fn number(value: Value<'_>) -> serde_json::Number {
    if let Some(number) = value.as_i64() {
        return number.into();
    }
    let float = value.as_number().and_then(serde_json::Number::from_f64);
    float.unwrap_or_else(|| serde_json::Number::from(0))
}

/// An int or a float. A whole float is no integer, as in Python.
#[derive(Debug)]
pub struct Number<'a>(Value<'a>);

impl JsonNumber for Number<'_> {
    fn as_u64(&self) -> Option<u64> {
        self.0.as_i64().and_then(|number| number.try_into().ok())
    }

    fn as_i64(&self) -> Option<i64> {
        self.0.as_i64()
    }

    fn as_f64(&self) -> Option<f64> {
        self.0.as_number()
    }

    fn as_str(&self) -> Cow<'_, str> {
        self.0.repr()
    }

    fn to_number(&self) -> Cow<'_, serde_json::Number> {
        Cow::Owned(number(self.0))
    }

    fn is_integer(&self) -> bool {
        self.0.kind() == Kind::Int
    }

    fn is_written_as_integer(&self) -> bool {
        self.is_integer()
    }
}

/// A mapping, with merges and duplicates resolved.
#[derive(Debug)]
pub struct Mapping<'a>(Value<'a>);

impl<'a> Object<'a, YamlJson> for Mapping<'a> {
    type Node = JsonNode<'a>;
    type MemberName = &'a str;
    type MembersIter = Members<'a>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, key: &String) -> Option<JsonNode<'a>> {
        self.0.get(key).map(JsonNode::Value)
    }

    fn members(&self) -> Members<'a> {
        Members(self.0.entries())
    }
}

/// The entries of a mapping.
pub struct Members<'a>(Entries<'a>);

impl std::fmt::Debug for Members<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Members")
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, JsonNode<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|entry| (entry.key.as_str().unwrap_or(""), JsonNode::Value(entry.value)))
    }
}

/// A list.
#[derive(Debug)]
pub struct Sequence<'a>(Value<'a>);

impl<'a> Array<'a, YamlJson> for Sequence<'a> {
    type Node = JsonNode<'a>;
    type ElementsIter = std::iter::Map<Items<'a>, fn(Value<'a>) -> JsonNode<'a>>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn elements(&self) -> Self::ElementsIter {
        self.0.items().map(JsonNode::Value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Budget, parse};

    #[test]
    fn every_schema_compiles() {
        for kind in FileKind::ALL {
            for dialect in DialectName::ALL {
                assert!(validator(kind, dialect).is_some(), "{kind:?} {dialect}");
            }
        }
    }

    #[test]
    fn the_schema_judges_the_tree_itself() {
        let verdict = |text: &str| {
            let tree = parse(text.as_bytes(), &Budget::default()).unwrap();
            is_valid(FileKind::Marathon, DialectName::Documented, &tree)
        };
        assert_eq!(verdict("main: {cpus: 1, env: {A: 'no'}}"), Some(true));
        assert_eq!(verdict("main: {cpus: 1, env: {A: no}}"), Some(false));
        assert_eq!(verdict("a: &a {cpus: 1}\nb: {<<: *a, mem: 512}\n"), Some(true));
        assert_eq!(verdict("a: &a {cpus: x}\nb: {<<: *a, mem: 512}\n"), Some(false));
        assert_eq!(verdict("main: {instances: 3.0}"), Some(false), "a whole float is no integer");
        assert_eq!(verdict("Main: {cpus: 1}"), Some(false));
        assert_eq!(verdict("main: {env: {A: 2015-01-01}}"), None);
        assert_eq!(verdict("1: {cpus: 1}"), None);
    }
}
