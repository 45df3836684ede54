//! What can be wrong with the shape of a file, before it is put into words.

use crate::dialect::Dialect;
use crate::model::kind::FileKind;
use crate::model::table::{Form, Key, List, Range, Record, Shape, Tuple, WordList};
use crate::repo::Service;
use crate::yaml::Value;

/// One step of a path; indices count from 0.
#[derive(Clone, Copy, Debug)]
pub enum Step<'a> {
    /// The entry with this key.
    Key(Value<'a>),
    /// An item of a list.
    Index(usize),
}

/// Something that does not fit.
#[derive(Clone)]
pub struct Problem<'a> {
    /// What it is.
    pub what: What<'a>,
    /// The value that it is about; for keys, the key.
    pub value: Value<'a>,
    /// The nearest key of the table at or above the value.
    pub key: Option<&'static Key>,
    /// From the top of the file.
    pub path: Vec<Step<'a>>,
    /// The mapping or list in which the last step is one.
    pub holder: Option<Value<'a>>,
    /// Whether the stack goes on in spite of it.
    pub mild: bool,
    /// What the stack makes of it, where it takes the value for what it is not; else empty.
    pub why: &'static str,
}

impl<'a> Problem<'a> {
    /// The key of the entry whose value it is about.
    pub(crate) fn name(&self) -> Option<Value<'a>> {
        match self.path.last() {
            Some(Step::Key(key)) => Some(*key),
            _ => None,
        }
    }

    /// The key of the instance, job or namespace that it is at or in.
    pub(crate) fn below(&self) -> Option<&'a str> {
        self.path.get(1).and_then(|step| if let Step::Key(key) = step { key.as_str() } else { None })
    }

    /// How strictly: a value that something is made of all the same only should be different.
    pub(crate) fn must(&self) -> &'static str {
        if self.mild { "should" } else { "must" }
    }

    /// Whether a value has another type than it must have.
    pub(crate) fn is_type(&self) -> bool {
        matches!(self.what, What::Type(_))
    }
}

/// A problem and where it is, for a rule that may speak for it itself.
#[derive(Clone, Copy)]
pub struct ShapeError<'a> {
    /// What does not fit.
    pub problem: &'a Problem<'a>,
    /// The file's, or that of the instances which get the default.
    pub kind: FileKind,
    /// Whose file it is.
    pub service: &'a Service,
    /// The dialect that the file is checked in.
    pub dialect: &'a Dialect,
}

/// Whether a rule speaks for an error.
pub type Claim = fn(&ShapeError<'_>) -> bool;

impl ShapeError<'_> {
    /// Whether it is in the value of one of these keys of an instance, job or namespace, or that value itself.
    pub(crate) fn is_below(&self, keys: &[&str]) -> bool {
        self.problem.below().is_some_and(|key| keys.contains(&key))
    }

    /// The same without the value itself, unless only the brackets around its items are missing.
    pub(crate) fn is_within(&self, keys: &[&str]) -> bool {
        self.is_below(keys) && (self.problem.path.len() > 2 || matches!(self.problem.what, What::Flat(..)))
    }
}

/// What does not fit.
#[derive(Clone)]
pub enum What<'a> {
    /// A value of another type.
    Type(Shape),
    /// `3.0` where only `3` is a whole number.
    WholeFloat,
    /// `.nan` or `.inf`.
    NotFinite,
    /// A number out of range.
    Range(Range),
    /// A string that is none of the words.
    Word(&'static WordList),
    /// A string that lacks the form.
    Form(&'static Form),
    /// A key that the record does not know.
    UnknownKey(&'static Record),
    /// A key that is only refused in this dialect.
    RefusedKey(&'static Key),
    /// A key that is accepted here and refused by paasta-tools 0.66.
    CompatKey(&'static Key),
    /// A key that YAML reads as something else than a string.
    NonStringKey,
    /// A key that must be there.
    MissingKey(&'static Record, &'static Key),
    /// A mapping or list with too little in it.
    Empty(&'static str),
    /// A list of fixed length with another number of items.
    Length(&'static Tuple),
    /// One item of a list of lists, without the list around it.
    Flat(&'static List, &'static Tuple),
    /// Two equal items; the first.
    Duplicate(Value<'a>),
    /// A name that lacks its form.
    Name(&'static Form),
    /// A name that works but is asking for trouble.
    NameStyle,
    /// A name that is none of the words.
    NameWord(&'static WordList),
    /// The documentation's list of one-key mappings for `ulimit`.
    UlimitList,
    /// The documentation's list around `deploy_whitelist`.
    NestedWhitelist,
    /// No `deploy_whitelist` in any reading.
    Whitelist,
    /// A number whose spelling does not show its value: octal or base 60.
    OddNumber,
    /// `healthcheck_mode: cmd` without `healthcheck_cmd`.
    HealthcheckCmdMissing,
    /// `healthcheck_cmd` without `healthcheck_mode`.
    HealthcheckModeMissing,
    /// `drain_method: http` without `drain_method_params`.
    DrainParamsMissing,
    /// The four calls of method http without `drain_method`.
    DrainMethodMissing,
    /// Neither schedule nor parents.
    TriggerMissing,
    /// Both; the schedule's key.
    TriggerBoth(Value<'a>),
}
