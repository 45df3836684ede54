//! Values into Rust types through serde: strictly, nothing is converted that YAML did not type so,
//! and every error has the place of the value it is about.

use super::value::{Entries, Entry, Items, Kind, Value};
use crate::source::Span;
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use std::fmt::Display;

/// Why a value does not fit a type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DeError {
    /// What is wrong, in serde's words.
    pub message: String,
    /// The value, or the key, that is wrong.
    pub span: Option<Span>,
}

impl DeError {
    /// Gives the place of an error that has none yet; the innermost value wins.
    fn at(mut self, span: Span) -> Self {
        self.span.get_or_insert(span);
        self
    }
}

impl de::Error for DeError {
    fn custom<T: Display>(message: T) -> Self {
        Self { message: message.to_string(), span: None }
    }
}

/// Makes a `T` of a value.
pub fn from_value<'t, T: de::Deserialize<'t>>(value: Value<'t>) -> Result<T, DeError> {
    T::deserialize(value)
}

impl<'t> Value<'t> {
    /// What the value is, for serde's messages.
    fn unexpected(self) -> Unexpected<'t> {
        match self.kind() {
            Kind::Null => Unexpected::Other("null"),
            Kind::Bool => Unexpected::Bool(self.as_bool().unwrap_or_default()),
            Kind::Int => self.as_i64().map_or(Unexpected::Other("large integer"), Unexpected::Signed),
            Kind::Float => self.as_f64().map_or(Unexpected::Other("float"), Unexpected::Float),
            Kind::Str => Unexpected::Str(self.text()),
            Kind::Date => Unexpected::Other("date"),
            Kind::DateTime => Unexpected::Other("date and time"),
            Kind::Binary => Unexpected::Other("bytes"),
            Kind::Seq => Unexpected::Seq,
            Kind::Map => Unexpected::Map,
            Kind::Set => Unexpected::Other("set"),
        }
    }

    fn visit<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, DeError> {
        match self.kind() {
            Kind::Null => visitor.visit_unit(),
            Kind::Bool => visitor.visit_bool(self.as_bool().unwrap_or_default()),
            Kind::Int => match (self.as_i64(), self.repr().parse()) {
                (Some(number), _) if number < 0 => visitor.visit_i64(number),
                (_, Ok(number)) => visitor.visit_u64(number),
                _ => Err(de::Error::invalid_value(self.unexpected(), &visitor)),
            },
            Kind::Float => visitor.visit_f64(self.as_f64().unwrap_or_default()),
            Kind::Str => visitor.visit_borrowed_str(self.text()),
            Kind::Seq => visitor.visit_seq(Sequence { items: self.items() }),
            Kind::Map => visitor.visit_map(Mapping { entries: self.entries(), pending: None }),
            Kind::Date | Kind::DateTime | Kind::Binary | Kind::Set => {
                Err(de::Error::invalid_type(self.unexpected(), &visitor))
            }
        }
    }
}

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = DeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeError> {
        self.visit(visitor).map_err(|error| error.at(self.site()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeError> {
        let result = if self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) };
        result.map_err(|error: DeError| error.at(self.site()))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, DeError> {
        visitor.visit_newtype_struct(self).map_err(|error: DeError| error.at(self.site()))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DeError> {
        let result = match (self.kind(), self.entries().next()) {
            (Kind::Str, _) => visitor.visit_enum(self.text().into_deserializer()),
            (Kind::Map, Some(entry)) if self.len() == 1 => visitor.visit_enum(Variant { entry }),
            _ => Err(de::Error::invalid_type(self.unexpected(), &OneOf(variants))),
        };
        result.map_err(|error: DeError| error.at(self.site()))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DeError> {
        // A derived visitor would take a list of the fields' values, too.
        if self.kind() != Kind::Map {
            let error: DeError = de::Error::invalid_type(self.unexpected(), &visitor);
            return Err(error.at(self.site()));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeError> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map identifier
    }
}

impl<'t> IntoDeserializer<'t, DeError> for Value<'t> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// The words of an enum: its visitor would only name the type.
struct OneOf(&'static [&'static str]);

impl de::Expected for OneOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, word) in self.0.iter().enumerate() {
            match at {
                0 => {}
                _ if at + 1 == self.0.len() => f.write_str(" or ")?,
                _ => f.write_str(", ")?,
            }
            write!(f, "`{word}`")?;
        }
        Ok(())
    }
}

struct Sequence<'t> {
    items: Items<'t>,
}

impl<'t> SeqAccess<'t> for Sequence<'t> {
    type Error = DeError;

    fn next_element_seed<T: DeserializeSeed<'t>>(&mut self, seed: T) -> Result<Option<T::Value>, DeError> {
        self.items
            .next()
            .map(|item| seed.deserialize(item).map_err(|error| error.at(item.site())))
            .transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

struct Mapping<'t> {
    entries: Entries<'t>,
    pending: Option<Entry<'t>>,
}

impl<'t> MapAccess<'t> for Mapping<'t> {
    type Error = DeError;

    fn next_key_seed<K: DeserializeSeed<'t>>(&mut self, seed: K) -> Result<Option<K::Value>, DeError> {
        self.pending = self.entries.next();
        // An unknown key is the key's fault, not the mapping's.
        self.pending
            .map(|entry| seed.deserialize(entry.key).map_err(|error| error.at(entry.key.site())))
            .transpose()
    }

    fn next_value_seed<T: DeserializeSeed<'t>>(&mut self, seed: T) -> Result<T::Value, DeError> {
        let entry = self.pending.take().ok_or_else(|| de::Error::custom("a value before its key"))?;
        seed.deserialize(entry.value).map_err(|error| error.at(entry.value.site()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

/// An enum variant with content, written as a mapping of one entry.
struct Variant<'t> {
    entry: Entry<'t>,
}

impl<'t> EnumAccess<'t> for Variant<'t> {
    type Error = DeError;
    type Variant = Content<'t>;

    fn variant_seed<V: DeserializeSeed<'t>>(self, seed: V) -> Result<(V::Value, Content<'t>), DeError> {
        let name = seed.deserialize(self.entry.key).map_err(|error| error.at(self.entry.key.site()))?;
        Ok((name, Content { value: self.entry.value }))
    }
}

struct Content<'t> {
    value: Value<'t>,
}

impl<'t> VariantAccess<'t> for Content<'t> {
    type Error = DeError;

    fn unit_variant(self) -> Result<(), DeError> {
        de::Deserialize::deserialize(self.value)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'t>>(self, seed: T) -> Result<T::Value, DeError> {
        seed.deserialize(self.value)
    }

    fn tuple_variant<V: Visitor<'t>>(self, _: usize, visitor: V) -> Result<V::Value, DeError> {
        self.value.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'t>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DeError> {
        self.value.deserialize_any(visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Budget, parse};
    use super::*;
    use std::collections::BTreeMap;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        name: String,
        #[serde(default)]
        count: Option<u8>,
        #[serde(default)]
        levels: BTreeMap<String, Level>,
        #[serde(default)]
        range: Vec<f64>,
    }

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Level {
        Off,
        At(u64),
    }

    fn read(text: &str) -> Result<Sample, (String, String)> {
        let tree = parse(text.as_bytes(), &Budget::default()).unwrap();
        from_value(tree.root()).map_err(|error| {
            let place = error.span.map_or("", |span| span.of(tree.text())).to_owned();
            (error.message, place)
        })
    }

    #[test]
    fn values_become_what_they_are() {
        let expected = Sample {
            name: "x".to_owned(),
            count: Some(8),
            levels: [("a".to_owned(), Level::At(60)), ("b".to_owned(), Level::Off)].into(),
            range: vec![0.5, 2.0],
        };
        assert_eq!(
            read("name: x\ncount: 010\nlevels: {a: {at: 1:00}, b: 'off'}\nrange: [.5, 2]\n"),
            Ok(expected)
        );
        assert_eq!(read("name: x\ncount:\n").map(|sample| sample.count), Ok(None));
    }

    #[test]
    fn nothing_is_converted_and_errors_have_the_place() {
        for (text, place) in [
            ("name: 1\n", "1"),
            ("name: no\n", "no"),
            ("name: x\ncount: 300\n", "300"),
            ("name: x\ncount: '3'\n", "'3'"),
            ("name: x\nother: 1\n", "other"),
            ("name: x\nlevels: {a: off}\n", "off"),
            ("name: x\nrange: [1, a, 2]\n", "a"),
            ("name: 2015-01-01\n", "2015-01-01"),
            ("[a]\n", "[a]"),
        ] {
            assert_eq!(read(text).map_err(|error| error.1), Err(place.to_owned()), "{text}");
        }
    }
}
