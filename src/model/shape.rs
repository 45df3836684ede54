//! How the shape of a value is described: types, closed lists of words, records and their groups.

use super::kind::FileKind;
use super::table::{Key, trim_doc};
use crate::dialect::Dialect;

/// A text that must have a certain form.
pub struct Form {
    /// What such a text is: "a job name".
    pub what: &'static str,
    /// The rule in words, after "must be" or "is": "`service.job`, each of letters, digits, ...".
    pub rule: &'static str,
    /// The rule for JSON Schema, anchored; must agree with `test`.
    pub pattern: &'static str,
    /// Whether a text has the form.
    pub test: fn(&str) -> bool,
    /// A text that has it.
    pub example: &'static str,
}

/// A closed list of words.
pub struct WordList {
    /// What one of them is: "a bounce method".
    pub what: &'static str,
    /// The words.
    pub words: &'static [Word],
}

/// One word of a closed list.
pub struct Word {
    /// As written in the file.
    pub text: &'static str,
    /// What it means, as in [`Key::doc`].
    pub doc: &'static str,
}

impl Word {
    /// The meaning without the blank that starts each line of a doc comment.
    pub fn markdown(&self) -> String {
        trim_doc(self.doc)
    }
}

/// What a value looks like.
#[derive(Clone, Copy)]
pub enum Shape {
    /// Whatever it is.
    Anything,
    /// A string.
    Text,
    /// A string of a certain form.
    Form(&'static Form),
    /// One of a closed list of strings.
    Word(&'static WordList),
    /// A number without a dot.
    Integer,
    /// A number.
    Number,
    /// true or false.
    Boolean,
    /// A string, a number or a boolean.
    Scalar,
    /// A list.
    List(&'static List),
    /// A list with a meaning for each position.
    Tuple(&'static Tuple),
    /// A mapping whose keys are names.
    Map(&'static Map),
    /// A mapping with known keys.
    Record(&'static Record),
    /// A location type with its list of locations: told from its nested form by what is in it.
    Whitelist,
    /// Of one shape, and taken in others.
    Lax(&'static Lax),
    /// Empty, or something.
    NullOr(&'static Shape),
    /// One of several, told apart by what kind of node is there.
    Either(&'static [Shape]),
    /// Depends on dialect and kind of file.
    When(fn(&Dialect, FileKind) -> bool, &'static Shape, &'static Shape),
}

/// A value that should have one shape, and that its reader takes in others, too.
pub struct Lax {
    /// What it should be.
    pub shape: Shape,
    /// What else it may be.
    pub also: &'static [Also],
    /// What becomes of it then; a sentence without full stop.
    pub why: &'static str,
}

/// What a value may be that should be something else.
#[derive(Clone, Copy)]
pub enum Also {
    /// Whatever it is.
    Anything,
    /// Whatever JSON has a word for.
    Json,
    /// Everything but lists and mappings.
    Scalars,
    /// Numbers within the range of the key, and booleans.
    Numbers,
    /// true or false.
    Booleans,
    /// What is false in Python.
    Empty,
    /// A list with nothing in it.
    EmptyList,
    /// A string.
    Text,
    /// A string of a certain form.
    Form(&'static Form),
}

/// A list of equal things.
pub struct List {
    /// What each is.
    pub item: Shape,
    /// No two may be equal.
    pub distinct: bool,
    /// Least number of items.
    pub min: usize,
    /// The list in words: "a list of strings".
    pub what: &'static str,
    /// How one is written, for someone who did not write a list: `[a, b]`.
    pub form: &'static str,
}

/// A list with a meaning for each position.
pub struct Tuple {
    /// What stands at each position.
    pub items: &'static [Shape],
    /// How many must be there; the rest is optional.
    pub min: usize,
    /// The list in words: "a pair of location type and location".
    pub what: &'static str,
    /// How one is written.
    pub form: &'static str,
}

/// A mapping whose keys are names.
pub struct Map {
    /// What names are possible.
    pub names: Names,
    /// What each value is.
    pub value: Shape,
    /// Least number of entries.
    pub min: usize,
    /// The mapping in words: "a mapping of names to strings".
    pub what: &'static str,
    /// How one is written: `{NAME: value}`.
    pub form: &'static str,
}

/// Which keys a mapping of names may have.
#[derive(Clone, Copy)]
pub enum Names {
    /// Any string.
    Any,
    /// Strings of a form.
    Form(&'static Form),
    /// Strings of a form in Marathon files; elsewhere PaaSTA takes anything.
    Instance,
    /// Words of a closed list.
    Words(&'static WordList),
}

/// A mapping with known keys.
pub struct Record {
    /// What it is, with article: "a Marathon instance".
    pub what: &'static str,
    /// Its keys, in groups that other records share.
    pub groups: &'static [&'static Group],
    /// What becomes of other keys.
    pub unknown: Unknown,
    /// Least number of entries.
    pub min: usize,
    /// Demands that involve several keys.
    pub together: &'static [Together],
}

impl Record {
    /// All keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &'static Key> + use<> {
        self.groups.iter().flat_map(|group| group.keys.iter())
    }

    /// The key called `name`.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        // Asked for each key of each file: plain loops are a good deal faster than `keys`.
        self.groups.iter().find_map(|group| group.keys.iter().find(|key| key.name == name))
    }
}

/// Keys that belong together and are declared once for all records that have them.
pub struct Group {
    /// The keys.
    pub keys: &'static [Key],
}

/// What becomes of a key that a record does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// It is refused, or what reads the mapping raises.
    Refused(&'static str),
    /// Nothing reads it.
    Ignored(&'static str),
    /// It has a meaning of its own, which another rule looks at.
    Free,
}

/// A demand that involves several keys of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Together {
    /// `healthcheck_mode: cmd` needs `healthcheck_cmd`; 0.66 also wants the mode beside the command.
    HealthcheckCmd,
    /// `drain_method: http` needs its four calls; 0.66 also wants the method beside the calls.
    DrainHttp,
    /// One of `schedule` and `parents`; 0.66 wants exactly one.
    Trigger,
}

impl Shape {
    /// The same where null is not taken.
    pub(crate) fn without_null(&self) -> Shape {
        match self {
            Shape::NullOr(shape) => shape.without_null(),
            Shape::Lax(lax) => lax.shape.without_null(),
            shape => *shape,
        }
    }

    /// The shape that holds in this dialect and kind of file: never a [`Shape::When`].
    #[must_use]
    pub fn resolve(&self, dialect: &Dialect, kind: FileKind) -> Shape {
        let mut shape = *self;
        while let Shape::When(test, yes, no) = shape {
            shape = if test(dialect, kind) { *yes } else { *no };
        }
        shape
    }

    /// What the value must be, with article: "a number", "a list of strings".
    pub fn words(&self, dialect: &Dialect, kind: FileKind) -> String {
        match self.resolve(dialect, kind) {
            Shape::Anything | Shape::When(..) => "any value".to_owned(),
            Shape::Text => "a string".to_owned(),
            Shape::Form(form) => form.what.to_owned(),
            Shape::Word(list) => list.what.to_owned(),
            Shape::Integer => "a whole number".to_owned(),
            Shape::Number => "a number".to_owned(),
            Shape::Boolean => "true or false".to_owned(),
            Shape::Scalar => "a string or a number".to_owned(),
            Shape::List(list) => list.what.to_owned(),
            Shape::Tuple(tuple) => tuple.what.to_owned(),
            Shape::Map(map) => map.what.to_owned(),
            Shape::Record(record) => record.what.to_owned(),
            Shape::Whitelist => "a location type with its list of locations".to_owned(),
            Shape::Lax(lax) => lax.shape.words(dialect, kind),
            Shape::NullOr(shape) => shape.words(dialect, kind),
            Shape::Either(shapes) => {
                // A boolean among others is an exception that hover shows in the documentation.
                let main = shapes.iter().filter(|shape| !matches!(shape, Shape::Boolean));
                let words: Vec<String> = main.map(|shape| shape.words(dialect, kind)).collect();
                words.join(" or ")
            }
        }
    }

    pub(super) fn offered(&self, dialect: &Dialect, kind: FileKind) -> Vec<&'static str> {
        match self.resolve(dialect, kind) {
            Shape::Word(list) => list.words.iter().map(|word| word.text).collect(),
            Shape::Boolean => vec!["true", "false"],
            Shape::Lax(lax) => lax.shape.offered(dialect, kind),
            Shape::NullOr(shape) => shape.offered(dialect, kind),
            _ => Vec::new(),
        }
    }
}

/// Rust types whose values have a known shape.
pub trait Shaped {
    /// The shape.
    const SHAPE: Shape;
}
