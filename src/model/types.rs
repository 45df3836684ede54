//! Types of values that several keys share.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::table::{Form, List, Map, Names, Shape, Shaped, Tuple};

/// A number as written: an integer stays one, since `60` and `60.0` hash differently.
pub type Number = serde_json::Number;

/// Reads a value that is there: unlike serde's own `Option`, null is not absence.
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

impl Shaped for String {
    const SHAPE: Shape = Shape::Text;
}
impl Shaped for bool {
    const SHAPE: Shape = Shape::Boolean;
}
impl Shaped for i64 {
    const SHAPE: Shape = Shape::Integer;
}
impl Shaped for Number {
    const SHAPE: Shape = Shape::Number;
}
impl Shaped for serde_json::Value {
    const SHAPE: Shape = Shape::Anything;
}

/// What a list of a type is called, and how one is written.
pub trait Listed: Shaped {
    /// "a list of strings".
    const WHAT: &'static str;
    /// `[a, b]`.
    const FORM: &'static str;
}

impl Listed for String {
    const WHAT: &'static str = "a list of strings";
    const FORM: &'static str = "[first, second]";
}

impl<T: Listed> Shaped for Vec<T> {
    const SHAPE: Shape =
        Shape::List(&List { item: T::SHAPE, distinct: false, min: 0, what: T::WHAT, form: T::FORM });
}

impl Listed for Number {
    const WHAT: &'static str = "a list of numbers";
    const FORM: &'static str = "[0.7, 0.9]";
}

/// A list whose items must differ.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Distinct<T>(pub Vec<T>);

impl<T: Listed> Shaped for Distinct<T> {
    const SHAPE: Shape =
        Shape::List(&List { item: T::SHAPE, distinct: true, min: 0, what: T::WHAT, form: T::FORM });
}

/// A list that must not be empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NonEmpty<T>(pub Vec<T>);

impl<T: Listed> Shaped for NonEmpty<T> {
    const SHAPE: Shape =
        Shape::List(&List { item: T::SHAPE, distinct: false, min: 1, what: T::WHAT, form: T::FORM });
}

/// Names mapped to strings.
pub type TextMap = BTreeMap<String, String>;

impl Shaped for TextMap {
    const SHAPE: Shape = Shape::Map(&Map {
        names: Names::Any,
        value: Shape::Text,
        min: 0,
        what: "a mapping of names to strings",
        form: "{NAME: value}",
    });
}

/// A mapping of which nobody knows the keys.
pub type AnyMap = BTreeMap<String, serde_json::Value>;

impl Shaped for AnyMap {
    const SHAPE: Shape = Shape::Map(&Map {
        names: Names::Any,
        value: Shape::Anything,
        min: 0,
        what: "a mapping",
        form: "{key: value}",
    });
}

/// A value or an explicit null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Nullable<T>(pub Option<T>);

impl<T: Shaped> Shaped for Nullable<T> {
    const SHAPE: Shape = Shape::NullOr(&T::SHAPE);
}

/// A string, number or boolean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    /// true or false.
    Boolean(bool),
    /// A number as written.
    Number(Number),
    /// A string.
    Text(String),
}

impl Shaped for Scalar {
    const SHAPE: Shape = Shape::Scalar;
}

/// A string or a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum TextOrInteger {
    /// A whole number.
    Integer(i64),
    /// A string.
    Text(String),
}

impl Shaped for TextOrInteger {
    const SHAPE: Shape = Shape::Either(&[Shape::Text, Shape::Integer]);
}

/// A location: its type (`region`), and which one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location(pub String, pub String);

impl Shaped for Location {
    const SHAPE: Shape = Shape::Tuple(&Tuple {
        items: &[Shape::Text, Shape::Text],
        min: 2,
        what: "a pair of location type and location",
        form: "[region, uswest1-prod]",
    });
}

impl Listed for Location {
    const WHAT: &'static str = "a list of pairs of location type and location";
    const FORM: &'static str = "[[region, uswest1-prod]]";
}

/// Where deployment is allowed: a location type and the locations.
///
/// The documentation calls it a list of lists and shows the pair; the list around it is accepted
/// in dialect `documented` only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Whitelist {
    /// `[region, [uswest1-prod]]`
    Pair(String, Vec<String>),
    /// `[[region, [uswest1-prod]]]`
    Nested([(String, Vec<String>); 1]),
    /// `[]`: everywhere.
    Everywhere([String; 0]),
}

impl Shaped for Whitelist {
    // Told apart by content, not by kind of node: `schema::check` and `schema::generate` know it.
    const SHAPE: Shape = Shape::Whitelist;
}

/// The name of a job with its service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobName(pub String);

/// `service.job` as the schema of 0.66 wants it.
pub static JOB_NAME: Form = Form {
    what: "a job with its service",
    rule: "`service.job`, each of letters, digits, `_` and `-`",
    pattern: r"^[a-zA-Z0-9_-]+\.[a-zA-Z0-9_-]+$",
    test: |text| text.split('.').count() == 2 && text.split('.').all(is_word_with_dashes),
    example: "myservice.nightly",
};

impl Shaped for JobName {
    const SHAPE: Shape = Shape::Form(&JOB_NAME);
}

impl Listed for JobName {
    const WHAT: &'static str = "a list of jobs, each with its service";
    const FORM: &'static str = "[myservice.extract, myservice.load]";
}

/// The jobs that must finish before this one: one, or several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Parents {
    /// A single job.
    One(JobName),
    /// Several.
    Many(Distinct<JobName>),
}

impl Shaped for Parents {
    const SHAPE: Shape = Shape::Either(&[JobName::SHAPE, Distinct::<JobName>::SHAPE]);
}

/// Letters, digits, `_`, `-`; at least one.
pub fn is_word_with_dashes(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Names of Marathon instances.
pub static INSTANCE_NAME: Form = Form {
    what: "an instance name",
    rule: "lower-case letters, digits, `_` and `-`, with a letter or digit at both ends",
    pattern: "^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$",
    test: |text| {
        let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        text.bytes().all(|byte| inner(byte) || matches!(byte, b'_' | b'-'))
            && text.bytes().next().is_some_and(inner)
            && text.bytes().next_back().is_some_and(inner)
    },
    example: "main",
};

/// Names of Chronos jobs: PaaSTA sends `service job` with a blank, and names parents with a dot.
pub static JOB_KEY: Form = Form {
    what: "a job name",
    rule: "anything without `.`, `/` and blanks",
    pattern: r"^[^./\s]+$",
    test: |text| !text.is_empty() && !text.contains(|c: char| matches!(c, '.' | '/') || c.is_whitespace()),
    example: "nightly",
};

/// Names of SmartStack namespaces: registrations split at dots, HAProxy takes nothing else.
pub static NAMESPACE_NAME: Form = Form {
    what: "a namespace name",
    rule: "letters, digits, `_` and `-`",
    pattern: "^[a-zA-Z0-9_-]+$",
    test: is_word_with_dashes,
    example: "main",
};

/// A location with its type, as `extra_advertise` writes it.
pub static TYPED_LOCATION: Form = Form {
    what: "a location with its type",
    rule: "`type:location`, as in `region:uswest1-prod`",
    pattern: "^[^:]+:[^:]+$",
    test: |text| {
        let mut parts = text.split(':');
        matches!((parts.next(), parts.next(), parts.next()), (Some(kind), Some(place), None) if !kind.is_empty() && !place.is_empty())
    },
    example: "region:uswest1-prod",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_agree_with_their_patterns() {
        let texts = [
            "",
            "a",
            "main",
            "a-b_c",
            "-a",
            "a-",
            "_a",
            "A",
            "Main",
            "a b",
            "a.b",
            "a.b.c",
            ".a",
            "a.",
            "é",
            "a\n",
            "region:x",
            "region:",
            ":x",
            "a:b:c",
            "9",
            "0-9",
            "svc.Job_1",
            "a.b\n",
        ];
        for form in [&JOB_NAME, &JOB_KEY, &INSTANCE_NAME, &NAMESPACE_NAME, &TYPED_LOCATION] {
            let pattern = regex::Regex::new(form.pattern).expect("pattern compiles");
            for text in texts {
                assert_eq!(pattern.is_match(text), (form.test)(text), "{} {text:?}", form.what);
            }
            assert!((form.test)(form.example), "{}", form.what);
        }
    }
}
