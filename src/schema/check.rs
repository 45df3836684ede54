//! Holds a file against the table of keys and collects everything that does not fit.
//!
//! The same table makes the JSON Schemas ([`super::generate`]); tests hold both verdicts against
//! each other. This walk comes before the schema ([`super::validate`]) because it is several times
//! faster, needs no start-up, and knows at each place what was meant, which a validator's errors do
//! not say.

use std::collections::HashMap;

use super::equal::canonical;
pub use super::problem::{Claim, Problem, ShapeError, Step, What};
use super::taken::takes;
use crate::dialect::{Dialect, DialectName};
use crate::model::keys;
use crate::model::kind::FileKind;
use crate::model::marathon::HttpDrainParams;
use crate::model::table::{Key, Lax, List, Map, Names, Record, Shape, Shaped, Together, Tuple, Unknown};
use crate::model::types::{INSTANCE_NAME, JOB_KEY, is_word_with_dashes};
use crate::yaml::{Entry, Kind, Value};

/// What a file's shape came to.
#[derive(Default)]
pub struct Report<'a> {
    /// In the order in which they were met: that of the file, whole mappings after their entries.
    pub problems: Vec<Problem<'a>>,
}

impl Report<'_> {
    /// Whether nothing is wrong that the stack would refuse, crash on or drop.
    pub fn is_valid(&self) -> bool {
        self.problems.iter().all(|problem| problem.mild)
    }

    /// Whether that holds for one top-level entry: its siblings may be as wrong as they like.
    pub fn is_entry_valid(&self, name: &str) -> bool {
        self.problems.iter().filter(|problem| !problem.mild).all(|problem| match problem.path.first() {
            Some(Step::Key(key)) => key.as_str() != Some(name),
            Some(Step::Index(_)) => true,
            None => false,
        })
    }
}

/// Holds the value at the top of a file against the table.
pub fn check(kind: FileKind, dialect: DialectName, root: Value<'_>) -> Report<'_> {
    let mut problems = Vec::new();
    visit(kind, dialect, root, &mut |problem| problems.push(problem.clone()));
    Report { problems }
}

/// The same, problem by problem.
pub(super) fn visit<'a>(
    kind: FileKind,
    dialect: DialectName,
    root: Value<'a>,
    found: &mut dyn FnMut(&Problem<'a>),
) {
    let mut checker = Checker::new(kind, dialect.dialect(), found);
    let shape = keys::root(kind).resolve(checker.dialect, kind);
    // Every reader but `paasta validate` takes an empty file for an empty mapping.
    if root.is_null() && !kind.has_instances() {
        checker.mild(What::Empty("file"), root, None);
    } else {
        checker.value(&shape, root, None);
    }
}

/// Whether `value` would do for `key`, wherever it stands now.
pub(crate) fn fits_key(kind: FileKind, dialect: DialectName, key: &'static Key, value: Value<'_>) -> bool {
    let mut fits = true;
    let mut found = |problem: &Problem<'_>| fits &= problem.mild;
    Checker::new(kind, dialect.dialect(), &mut found).value(&key.shape, value, Some(key));
    fits
}

/// Holds a default of service.yaml against what `key` holds in an instance of `kind`. The paths of
/// the problems are as long as in the instance: the name of the default stands for that of the
/// instance, too.
pub(super) fn check_default<'a>(
    kind: FileKind,
    dialect: &'static Dialect,
    default: Entry<'a>,
    key: &'static Key,
    found: &mut dyn FnMut(&Problem<'a>),
) {
    let mut checker = Checker::new(kind, dialect, found);
    checker.path = vec![Step::Key(default.key), Step::Key(default.key)];
    checker.value(&key.shape, default.value, Some(key));
}

/// The problems of one value at the end of a path that ends at `key`.
struct Checker<'a, 'f> {
    kind: FileKind,
    dialect: &'static Dialect,
    path: Vec<Step<'a>>,
    /// The mapping or list of each step of the path, unless the path begins elsewhere.
    holders: Vec<Value<'a>>,
    found: &'f mut dyn FnMut(&Problem<'a>),
    /// How many problems were found.
    number: usize,
    /// How many of them are about a type.
    types: usize,
    /// What becomes of the value in hand, if its reader takes it though it has another type.
    why: &'static str,
}

impl<'a, 'f> Checker<'a, 'f> {
    fn new(kind: FileKind, dialect: &'static Dialect, found: &'f mut dyn FnMut(&Problem<'a>)) -> Self {
        Self { kind, dialect, path: Vec::new(), holders: Vec::new(), found, number: 0, types: 0, why: "" }
    }

    fn problem(&mut self, what: What<'a>, value: Value<'a>, key: Option<&'static Key>) {
        self.add(what, value, key, false);
    }

    fn mild(&mut self, what: What<'a>, value: Value<'a>, key: Option<&'static Key>) {
        self.add(what, value, key, true);
    }

    fn add(&mut self, what: What<'a>, value: Value<'a>, key: Option<&'static Key>, mild: bool) {
        let path = std::mem::take(&mut self.path);
        let holder = self.holders.last().copied();
        let mild = mild || !self.why.is_empty();
        let problem = Problem { what, value, key, path, holder, mild, why: self.why };
        self.number += 1;
        self.types += usize::from(problem.is_type());
        (self.found)(&problem);
        self.path = problem.path;
    }

    fn enter(&mut self, step: Step<'a>, holder: Value<'a>) {
        self.path.push(step);
        self.holders.push(holder);
    }

    fn leave(&mut self) {
        self.path.pop();
        self.holders.pop();
    }

    fn value(&mut self, shape: &Shape, value: Value<'a>, key: Option<&'static Key>) {
        let shape = shape.resolve(self.dialect, self.kind);
        if !fits(&shape, value.kind(), self.dialect, self.kind) {
            let what = match (without_null(&shape), value.as_f64()) {
                (Shape::Integer, Some(number)) if !number.is_finite() => What::NotFinite,
                (Shape::Integer, Some(number)) if number.fract() == 0.0 => What::WholeFloat,
                _ => What::Type(shape),
            };
            return self.problem(what, value, key);
        }
        match shape {
            Shape::Anything | Shape::Text | Shape::Boolean | Shape::When(..) => {}
            Shape::Integer | Shape::Number | Shape::Scalar => self.number(value, key),
            Shape::Form(form) => {
                if value.as_str().is_some_and(|text| !(form.test)(text)) {
                    self.problem(What::Form(form), value, key);
                }
            }
            Shape::Word(list) => {
                let known = |text: &str| list.words.iter().any(|word| word.text == text);
                if value.as_str().is_some_and(|text| !known(text)) {
                    self.problem(What::Word(list), value, key);
                }
            }
            Shape::List(list) => self.list(list, value, key),
            Shape::Tuple(tuple) => self.tuple(tuple, value, key),
            Shape::Map(map) => self.map(map, value, key),
            Shape::Record(record) => self.record(record, value, key),
            Shape::Whitelist => self.whitelist(value, key),
            Shape::Lax(lax) => self.lax(lax, value, key),
            Shape::NullOr(inner) => {
                if !value.is_null() {
                    self.value(inner, value, key);
                }
            }
            Shape::Either(shapes) => {
                let fitting = shapes.iter().find(|shape| fits(shape, value.kind(), self.dialect, self.kind));
                if let Some(shape) = fitting {
                    let before = self.types;
                    self.value(shape, value, key);
                    // What is no list of limits either has a finding of its own.
                    let is_list = key.is_some_and(|key| key.name == "ulimit") && value.kind() == Kind::Seq;
                    if is_list && self.types == before {
                        self.mild(What::UlimitList, value, key);
                    }
                }
            }
        }
    }

    fn lax(&mut self, lax: &'static Lax, value: Value<'a>, key: Option<&'static Key>) {
        let is_taken = !fits(&lax.shape, value.kind(), self.dialect, self.kind)
            && lax.also.iter().any(|also| takes(*also, value));
        if !is_taken {
            return self.value(&lax.shape, value, key);
        }
        match key.and_then(|key| key.range) {
            Some(range) if value.as_number().is_some_and(|number| !range.holds(number)) => {
                self.problem(What::Range(range), value, key);
            }
            _ => {
                self.why = lax.why;
                self.value(&lax.shape, value, key);
                self.why = "";
            }
        }
    }

    fn number(&mut self, value: Value<'a>, key: Option<&'static Key>) {
        let Some(number) = value.as_number() else { return };
        if !number.is_finite() {
            return self.problem(What::NotFinite, value, key);
        }
        match key.and_then(|key| key.range).filter(|range| !range.holds(number)) {
            Some(range) => self.problem(What::Range(range), value, key),
            None if is_odd(value) => self.mild(What::OddNumber, value, key),
            None => {}
        }
    }

    fn list(&mut self, list: &'static List, value: Value<'a>, key: Option<&'static Key>) {
        if value.len() < list.min {
            self.problem(What::Empty(list.form), value, key);
        }
        let is_scalar = |item: Value<'_>| !matches!(item.kind(), Kind::Seq | Kind::Map | Kind::Set);
        if let Shape::Tuple(tuple) = list.item.resolve(self.dialect, self.kind)
            && !value.is_empty()
            && value.items().all(is_scalar)
        {
            return self.problem(What::Flat(list, tuple), value, key);
        }
        let mut seen: HashMap<String, Value<'a>> = HashMap::new();
        for (index, item) in value.items().enumerate() {
            self.enter(Step::Index(index), value);
            let before = self.number;
            self.value(&list.item, item, key);
            if list.distinct && value.len() > 1 && self.number == before {
                match seen.entry(canonical(item)) {
                    std::collections::hash_map::Entry::Occupied(first) => {
                        let first = *first.get();
                        self.problem(What::Duplicate(first), item, key);
                    }
                    std::collections::hash_map::Entry::Vacant(place) => {
                        place.insert(item);
                    }
                }
            }
            self.leave();
        }
    }

    fn tuple(&mut self, tuple: &'static Tuple, value: Value<'a>, key: Option<&'static Key>) {
        if value.len() < tuple.min || value.len() > tuple.items.len() {
            return self.problem(What::Length(tuple), value, key);
        }
        for (index, (item, shape)) in value.items().zip(tuple.items).enumerate() {
            self.enter(Step::Index(index), value);
            self.value(shape, item, key);
            self.leave();
        }
    }

    fn map(&mut self, map: &'static Map, value: Value<'a>, key: Option<&'static Key>) {
        if value.len() < map.min {
            self.problem(What::Empty("file"), value, key);
        }
        for entry in value.entries() {
            self.enter(Step::Key(entry.key), value);
            self.name(map.names, entry.key, key);
            self.value(&map.value, entry.value, key);
            self.leave();
        }
    }

    fn name(&mut self, names: Names, name: Value<'a>, key: Option<&'static Key>) {
        let Some(text) = name.as_str() else {
            return self.problem(What::NonStringKey, name, key);
        };
        let form = match names {
            Names::Any => return,
            Names::Form(form) => form,
            Names::Instance => match self.kind {
                FileKind::Marathon => &INSTANCE_NAME,
                FileKind::Chronos => &JOB_KEY,
                _ if is_word_with_dashes(text) => return,
                _ => return self.mild(What::NameStyle, name, key),
            },
            Names::Words(list) => {
                if !list.words.iter().any(|word| word.text == text) {
                    self.problem(What::NameWord(list), name, key);
                }
                return;
            }
        };
        if !(form.test)(text) {
            self.problem(What::Name(form), name, key);
        } else if self.kind == FileKind::Chronos && !is_word_with_dashes(text) {
            self.mild(What::NameStyle, name, key);
        }
    }

    fn record(&mut self, record: &'static Record, value: Value<'a>, key: Option<&'static Key>) {
        let entries = keys::Entries::of(self.kind, record);
        for entry in value.entries() {
            self.enter(Step::Key(entry.key), value);
            match entry.key.as_str() {
                None => self.problem(What::NonStringKey, entry.key, key),
                Some(name) => match entries.map_or_else(|| record.key(name), |entries| entries.key(name)) {
                    Some(known) if (known.accepted)(self.dialect) => {
                        if !(known.accepted)(&Dialect::PAASTA_0_66) {
                            self.mild(What::CompatKey(known), entry.key, Some(known));
                        }
                        let is_http = known.name == "drain_method_params" && drains_by_http(record, value);
                        let shape = if is_http { &HttpDrainParams::SHAPE } else { &known.shape };
                        self.value(shape, entry.value, Some(known));
                    }
                    Some(known) => self.problem(What::RefusedKey(known), entry.key, Some(known)),
                    None => match record.unknown {
                        Unknown::Refused(_) => self.problem(What::UnknownKey(record), entry.key, key),
                        Unknown::Ignored(_) => self.mild(What::UnknownKey(record), entry.key, key),
                        Unknown::Free => {}
                    },
                },
            }
            self.leave();
        }
        if value.len() < record.min {
            return self.problem(What::Empty(record.what), value, key);
        }
        match entries {
            Some(entries) => {
                for needed in entries.required() {
                    self.required(record, needed, value, key);
                }
            }
            None => {
                for needed in record.keys().filter(|needed| (needed.required)(&Dialect::DOCUMENTED)) {
                    self.required(record, needed, value, key);
                }
            }
        }
        for together in record.together {
            match together {
                Together::HealthcheckCmd => self.healthcheck_cmd(value),
                Together::DrainHttp => self.drain_http(value),
                Together::Trigger => self.trigger(value),
            }
        }
    }

    fn required(
        &mut self,
        record: &'static Record,
        needed: &'static Key,
        value: Value<'a>,
        key: Option<&'static Key>,
    ) {
        if value.get(needed.name).is_none() {
            let what = What::MissingKey(record, needed);
            if (needed.required)(self.dialect) {
                self.problem(what, value, key);
            } else {
                self.mild(what, value, key);
            }
        }
    }

    fn healthcheck_cmd(&mut self, instance: Value<'a>) {
        match (instance.entry("healthcheck_mode"), instance.entry("healthcheck_cmd")) {
            (Some(mode), None) if mode.value.as_str() == Some("cmd") => {
                self.problem(What::HealthcheckCmdMissing, mode.value, None);
            }
            (None, Some(cmd)) if !self.dialect.healthcheck_cmd_without_mode => {
                self.problem(What::HealthcheckModeMissing, cmd.key, None);
            }
            _ => {}
        }
    }

    /// What `drain_method_params` holds is looked at where it stands.
    fn drain_http(&mut self, instance: Value<'a>) {
        let params = instance.entry("drain_method_params");
        match (instance.entry("drain_method"), params) {
            (Some(method), None) if method.value.as_str() == Some("http") => {
                self.problem(What::DrainParamsMissing, method.value, None);
            }
            (None, Some(params)) if !self.dialect.drain_calls_without_method => {
                let is_call =
                    |name| params.value.get(name).is_some_and(|call: Value<'a>| call.kind() == Kind::Map);
                if HttpDrainParams::GROUP.keys.iter().all(|key| is_call(key.name)) {
                    self.problem(What::DrainMethodMissing, params.key, None);
                }
            }
            _ => {}
        }
    }

    fn trigger(&mut self, job: Value<'a>) {
        match (job.entry("schedule"), job.entry("parents")) {
            (None, None) => self.problem(What::TriggerMissing, job, None),
            (Some(schedule), Some(parents)) => {
                self.enter(Step::Key(parents.key), job);
                if self.dialect.schedule_wins_over_parents {
                    self.mild(What::TriggerBoth(schedule.key), parents.key, None);
                } else {
                    self.problem(What::TriggerBoth(schedule.key), parents.key, None);
                }
                self.leave();
            }
            _ => {}
        }
    }

    fn whitelist(&mut self, value: Value<'a>, key: Option<&'static Key>) {
        if value.is_empty() || is_whitelist(value) {
            return;
        }
        let mut items = value.items();
        let nested = match (items.next(), items.next()) {
            (Some(only), None) => only.kind() == Kind::Seq && (only.is_empty() || is_whitelist(only)),
            _ => false,
        };
        if nested && self.dialect.nested_whitelist {
            self.mild(What::NestedWhitelist, value, key);
        } else {
            self.problem(What::Whitelist, value, key);
        }
    }
}

/// Whether `drain_method_params` of this mapping holds the four calls of method http.
fn drains_by_http(record: &Record, instance: Value<'_>) -> bool {
    record.together.contains(&Together::DrainHttp)
        && instance.get("drain_method").is_some_and(|method| method.as_str() == Some("http"))
}

/// `[type, [value, ...]]`
fn is_whitelist(value: Value<'_>) -> bool {
    let mut items = value.items();
    let (Some(kind), Some(values), None) = (items.next(), items.next(), items.next()) else { return false };
    kind.kind() == Kind::Str
        && values.kind() == Kind::Seq
        && values.items().all(|location| location.kind() == Kind::Str)
}

/// Whether a node of that kind can have the shape at all. Booleans are no numbers, floats no
/// integers, dates and bytes nothing: as in Python.
fn fits(shape: &Shape, node: Kind, dialect: &Dialect, kind: FileKind) -> bool {
    match shape.resolve(dialect, kind) {
        Shape::Anything | Shape::When(..) | Shape::Lax(_) => true,
        Shape::Text | Shape::Form(_) | Shape::Word(_) => node == Kind::Str,
        Shape::Integer => node == Kind::Int,
        Shape::Number => matches!(node, Kind::Int | Kind::Float),
        Shape::Boolean => node == Kind::Bool,
        Shape::Scalar => matches!(node, Kind::Str | Kind::Int | Kind::Float | Kind::Bool),
        Shape::List(_) | Shape::Tuple(_) | Shape::Whitelist => node == Kind::Seq,
        Shape::Map(_) | Shape::Record(_) => node == Kind::Map,
        Shape::NullOr(inner) => node == Kind::Null || fits(inner, node, dialect, kind),
        Shape::Either(shapes) => shapes.iter().any(|shape| fits(shape, node, dialect, kind)),
    }
}

/// The shape that a value has where it is not null.
fn without_null(shape: &Shape) -> Shape {
    match shape {
        Shape::NullOr(inner) => **inner,
        shape => *shape,
    }
}

/// Whether a number is written in base 8 or 60, which only YAML 1.1 has.
pub(crate) fn is_odd(value: Value<'_>) -> bool {
    matches!(value.kind(), Kind::Int | Kind::Float) && {
        let text = value.text();
        text.contains(':') || (value.kind() == Kind::Int && is_octal(text))
    }
}

/// Whether an integer is octal by its leading 0.
pub(super) fn is_octal(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-']);
    digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit() || b == b'_')
}
