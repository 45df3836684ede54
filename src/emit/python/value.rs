//! The value itself, made from YAML or JSON.

use std::borrow::Cow;

use num_bigint::BigInt;

use crate::source::Span;
use crate::yaml;

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// PaaSTA's own default, or something PaaSTA adds.
    Default,
    /// Worked out from other values.
    Computed,
    /// The system configuration.
    System,
    /// The service's deployments.json.
    Deployments,
    /// The command line of soalint.
    Given,
    /// A file of the tree.
    File {
        /// Which document it is; see `effective::Forest::document`.
        document: u32,
        /// The value's characters.
        span: Span,
    },
}

/// A value with its origin.
#[derive(Clone, Debug)]
pub struct Value<'t> {
    /// What it is.
    pub data: Data<'t>,
    /// Where it comes from.
    pub origin: Origin,
}

/// A Python object, as far as configuration has them.
#[derive(Clone, Debug)]
pub enum Data<'t> {
    /// `None`
    None,
    /// `True`, `False`
    Bool(bool),
    /// An integer that fits 64 bits.
    Int(i64),
    /// An integer that does not.
    Big(Box<BigInt>),
    /// A float.
    Float(f64),
    /// Text.
    Str(Cow<'t, str>),
    /// What JSON has no word for.
    Opaque(Box<Opaque>),
    /// A list.
    List(Vec<Value<'t>>),
    /// A mapping, in order of insertion.
    Dict(Dict<'t>),
}

/// An object that `json.dumps` refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opaque {
    /// Its Python type: `date`, `datetime`, `bytes`, `set`.
    pub kind: &'static str,
    /// `str()` of it.
    pub text: String,
    /// `repr()` of it.
    pub repr: String,
    /// A neutral form: ISO text of a date or time, Base64 of bytes; `repr` of a set.
    pub plain: String,
}

/// A mapping in order of insertion.
#[derive(Clone, Debug, Default)]
pub struct Dict<'t> {
    entries: Vec<Entry<'t>>,
}

/// An entry of a mapping.
#[derive(Clone, Debug)]
pub struct Entry<'t> {
    /// The key; text except in odd files.
    pub key: Data<'t>,
    /// The value.
    pub value: Value<'t>,
}

impl<'t> Value<'t> {
    /// A value with its origin.
    pub const fn new(data: Data<'t>, origin: Origin) -> Self {
        Self { data, origin }
    }

    /// A default of PaaSTA's.
    pub fn default(data: impl Into<Data<'t>>) -> Self {
        Self::new(data.into(), Origin::Default)
    }

    /// Something worked out from other values.
    pub fn computed(data: impl Into<Data<'t>>) -> Self {
        Self::new(data.into(), Origin::Computed)
    }

    /// The value of a YAML node, whose document has that index.
    pub fn of_yaml(value: yaml::Value<'t>, document: u32) -> Self {
        let origin = Origin::File { document, span: value.span() };
        let each = |v: yaml::Value<'t>| Value::of_yaml(v, document);
        let data = match value.kind() {
            yaml::Kind::Seq => Data::List(value.items().map(each).collect()),
            yaml::Kind::Map => {
                let entry = |e: yaml::Entry<'t>| Entry { key: each(e.key).data, value: each(e.value) };
                Data::Dict(Dict { entries: value.entries().map(entry).collect() })
            }
            _ => Data::of_scalar(value),
        };
        Self { data, origin }
    }

    /// The value of a JSON document.
    pub fn of_json(value: serde_json::Value, origin: Origin) -> Value<'static> {
        let data = match value {
            serde_json::Value::Null => Data::None,
            serde_json::Value::Bool(value) => Data::Bool(value),
            serde_json::Value::Number(number) => match number.as_i64() {
                Some(number) => Data::Int(number),
                None => number.as_u64().map_or_else(
                    || Data::Float(number.as_f64().unwrap_or(f64::NAN)),
                    |number| Data::Big(Box::new(number.into())),
                ),
            },
            serde_json::Value::String(text) => Data::Str(Cow::Owned(text)),
            serde_json::Value::Array(items) => {
                Data::List(items.into_iter().map(|item| Value::of_json(item, origin)).collect())
            }
            serde_json::Value::Object(entries) => {
                let entry = |(key, value)| Entry {
                    key: Data::Str(Cow::Owned(key)),
                    value: Value::of_json(value, origin),
                };
                Data::Dict(Dict { entries: entries.into_iter().map(entry).collect() })
            }
        };
        Value { data, origin }
    }

    /// Whether it is `None`.
    pub const fn is_none(&self) -> bool {
        matches!(self.data, Data::None)
    }

    /// Its text, if it is text.
    pub fn as_str(&self) -> Option<&str> {
        self.data.as_str()
    }

    /// Its entries, if it is a mapping.
    pub const fn as_dict(&self) -> Option<&Dict<'t>> {
        match &self.data {
            Data::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    /// Its items, if it is a list.
    pub fn as_list(&self) -> Option<&[Value<'t>]> {
        match &self.data {
            Data::List(items) => Some(items),
            _ => None,
        }
    }

    /// The entry of that name, if it is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Value<'t>> {
        self.as_dict()?.get(key)
    }

    /// What `bool()` says.
    pub fn is_truthy(&self) -> bool {
        match &self.data {
            Data::None => false,
            Data::Bool(value) => *value,
            Data::Int(number) => *number != 0,
            Data::Float(number) => *number != 0.0,
            Data::Str(text) => !text.is_empty(),
            Data::Big(_) => true,
            Data::Opaque(object) => object.repr != "b''" && object.repr != "set()",
            Data::List(items) => !items.is_empty(),
            Data::Dict(dict) => !dict.is_empty(),
        }
    }

    /// What it is, in the words of who writes YAML.
    pub const fn noun(&self) -> &'static str {
        match &self.data {
            Data::None => "null",
            Data::Bool(_) => "a boolean",
            Data::Int(_) | Data::Big(_) | Data::Float(_) => "a number",
            Data::Str(_) => "text",
            Data::Opaque(_) => "a date, a set or binary",
            Data::List(_) => "a list",
            Data::Dict(_) => "a mapping",
        }
    }
}

impl<'t> Data<'t> {
    /// Its text, if it is text.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Data::Str(text) => Some(text),
            _ => None,
        }
    }

    fn of_scalar(value: yaml::Value<'t>) -> Self {
        match value.kind() {
            yaml::Kind::Null => Data::None,
            yaml::Kind::Bool => Data::Bool(value.as_bool() == Some(true)),
            yaml::Kind::Int => match value.as_i64() {
                Some(number) => Data::Int(number),
                None => match value.repr().parse::<BigInt>() {
                    Ok(number) => Data::from(number),
                    // What PyYAML cannot convert has already been refused by the reader.
                    Err(_) => Data::Str(value.repr()),
                },
            },
            yaml::Kind::Float => Data::Float(value.as_f64().unwrap_or(f64::NAN)),
            yaml::Kind::Date | yaml::Kind::DateTime | yaml::Kind::Binary | yaml::Kind::Set => {
                Data::Opaque(Box::new(Opaque::of(value)))
            }
            yaml::Kind::Str | yaml::Kind::Seq | yaml::Kind::Map => Data::Str(Cow::Borrowed(value.text())),
        }
    }
}

impl<'t> Dict<'t> {
    /// An empty mapping.
    pub const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// A mapping of these entries, whose keys differ.
    pub fn of<const N: usize>(entries: [(&'static str, Value<'t>); N]) -> Self {
        let entry = |(key, value)| Entry { key: Data::Str(Cow::Borrowed(key)), value };
        Self { entries: entries.into_iter().map(entry).collect() }
    }

    /// The entries in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry<'t>> {
        self.entries.iter()
    }

    /// The entries in order, to change the values.
    pub fn entries_mut(&mut self) -> &mut [Entry<'t>] {
        &mut self.entries
    }

    /// The entries in order, for good.
    pub fn into_entries(self) -> Vec<Entry<'t>> {
        self.entries
    }

    /// Number of entries.
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The value of a key that is text.
    pub fn get(&self, key: &str) -> Option<&Value<'t>> {
        self.entries.iter().find(|entry| entry.key.as_str() == Some(key)).map(|entry| &entry.value)
    }

    /// Sets a key that is text, in its old place if there is one.
    pub fn insert(&mut self, key: impl Into<Cow<'t, str>>, value: Value<'t>) {
        let key = key.into();
        match self.entries.iter_mut().find(|entry| entry.key.as_str() == Some(&key)) {
            Some(entry) => entry.value = value,
            None => self.entries.push(Entry { key: Data::Str(key), value }),
        }
    }

    /// Adds an entry whose key is known to be new.
    pub fn push(&mut self, key: Data<'t>, value: Value<'t>) {
        self.entries.push(Entry { key, value });
    }

    /// Removes a key that is text.
    pub fn remove(&mut self, key: &str) {
        self.entries.retain(|entry| entry.key.as_str() != Some(key));
    }
}

impl<'a, 't> IntoIterator for &'a Dict<'t> {
    type Item = &'a Entry<'t>;
    type IntoIter = std::slice::Iter<'a, Entry<'t>>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}

impl From<bool> for Data<'_> {
    fn from(value: bool) -> Self {
        Data::Bool(value)
    }
}

impl From<i64> for Data<'_> {
    fn from(number: i64) -> Self {
        Data::Int(number)
    }
}

impl From<BigInt> for Data<'_> {
    fn from(number: BigInt) -> Self {
        i64::try_from(&number).map_or_else(|_| Data::Big(Box::new(number)), Data::Int)
    }
}

impl From<f64> for Data<'_> {
    fn from(number: f64) -> Self {
        Data::Float(number)
    }
}

impl<'t> From<&'t str> for Data<'t> {
    fn from(text: &'t str) -> Self {
        Data::Str(Cow::Borrowed(text))
    }
}

impl From<String> for Data<'_> {
    fn from(text: String) -> Self {
        Data::Str(Cow::Owned(text))
    }
}

impl<'t> From<Cow<'t, str>> for Data<'t> {
    fn from(text: Cow<'t, str>) -> Self {
        Data::Str(text)
    }
}

impl<'t> From<Dict<'t>> for Data<'t> {
    fn from(dict: Dict<'t>) -> Self {
        Data::Dict(dict)
    }
}

impl<'t> From<Vec<Value<'t>>> for Data<'t> {
    fn from(items: Vec<Value<'t>>) -> Self {
        Data::List(items)
    }
}
