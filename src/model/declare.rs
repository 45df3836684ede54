//! The macros that declare keys: each declaration becomes a field of a serde struct and a row of
//! the table, so that there is no second list.

/// Declares groups of keys. Each becomes a struct, all of whose fields are optional, with an
/// associated `GROUP`.
///
/// ```text
/// group! {
///     /// What the group is.
///     pub struct Name {
///         /// What the key means.
///         key: Type { unit: "MB", default: DefaultValue::Same("1"), .. }
///     }
/// }
/// ```
///
/// A key that is no Rust name is written `field as "key": Type { .. }`.
macro_rules! group {
    ($(
        $(#[doc = $group_doc:literal])*
        pub struct $group:ident {
            $(
                $(#[doc = $doc:literal])*
                $field:ident $(as $name:literal)?: $type:ty { $($property:ident: $value:expr),* $(,)? }
            )*
        }
    )*) => {$(
        $(#[doc = $group_doc])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $group {
            $(
                $(#[doc = $doc])*
                #[serde(
                    default,
                    deserialize_with = "crate::model::types::present",
                    skip_serializing_if = "Option::is_none"
                )]
                $(#[serde(rename = $name)])?
                pub $field: Option<$type>,
            )*
        }

        impl $group {
            /// The rows of the table.
            pub const GROUP: $crate::model::table::Group = $crate::model::table::Group {
                keys: &[$(
                    $crate::model::table::Key {
                        name: $crate::model::declare::name_of!($field $($name)?),
                        doc: concat!($($doc, "\n"),*),
                        shape: <$type as $crate::model::table::Shaped>::SHAPE,
                        $($property: $value,)*
                        ..$crate::model::table::Key::NEW
                    },
                )*],
            };
        }
    )*};
}

/// Declares mappings that stand on their own: a group that is a record by itself.
macro_rules! nested {
    ($(
        $(#[doc = $group_doc:literal])*
        #[record($what:literal, $unknown:expr $(, min: $min:expr)?)]
        pub struct $group:ident { $($keys:tt)* }
    )*) => {$(
        $crate::model::declare::group! {
            $(#[doc = $group_doc])*
            pub struct $group { $($keys)* }
        }

        impl $crate::model::table::Shaped for $group {
            const SHAPE: $crate::model::table::Shape =
                $crate::model::table::Shape::Record(&$crate::model::table::Record {
                    what: $what,
                    groups: &[&$group::GROUP],
                    unknown: $unknown,
                    min: 0 $(+ $min)?,
                    together: &[],
                });
        }

        $crate::model::declare::json_schema!($group);
    )*};
}

/// Declares a record as a composition of groups: a struct that flattens them.
macro_rules! record {
    (
        $(#[doc = $doc:literal])*
        #[record($what:literal, $unknown:expr, min: $min:expr, together: $together:expr)]
        pub struct $record:ident { $($field:ident: $group:ident),* $(,)? }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $record {
            $(
                #[doc = concat!("See [`", stringify!($group), "`].")]
                #[serde(flatten)]
                pub $field: $group,
            )*
        }

        impl $crate::model::table::Shaped for $record {
            const SHAPE: $crate::model::table::Shape =
                $crate::model::table::Shape::Record(&$crate::model::table::Record {
                    what: $what,
                    groups: &[$(&$group::GROUP),*],
                    unknown: $unknown,
                    min: $min,
                    together: $together,
                });
        }

        $crate::model::declare::json_schema!($record);
    };
}

/// Declares closed lists of words, each an enum.
macro_rules! words {
    ($(
        $(#[doc = $doc:literal])*
        #[words($what:literal)]
        pub enum $list:ident { $( $(#[doc = $word_doc:literal])* $word:ident = $text:literal, )* }
    )*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $list {
            $( $(#[doc = $word_doc])* #[serde(rename = $text)] $word, )*
        }

        impl $list {
            /// The words with their meanings.
            pub const LIST: $crate::model::table::WordList = $crate::model::table::WordList {
                what: $what,
                words: &[$(
                    $crate::model::table::Word { text: $text, doc: concat!($($word_doc, "\n"),*) },
                )*],
            };

            /// As written in the file.
            pub const fn text(self) -> &'static str {
                match self { $($list::$word => $text,)* }
            }
        }

        impl $crate::model::table::Shaped for $list {
            const SHAPE: $crate::model::table::Shape = $crate::model::table::Shape::Word(&$list::LIST);
        }
    )*};
}

/// Makes the schema of a type what the table says of it, in the dialect of the documentation.
macro_rules! json_schema {
    ($type:ident) => {
        impl schemars::JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $crate::schema::generate::schema_of::<$type>()
            }
        }
    };
}

/// The key of a field: its own name, or the one given.
macro_rules! name_of {
    ($field:ident $name:literal) => {
        $name
    };
    ($field:ident) => {
        stringify!($field)
    };
}

pub(crate) use {group, json_schema, name_of, nested, record, words};
