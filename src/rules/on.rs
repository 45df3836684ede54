//! When a rule is asked: which kinds of file and which keys must be there for it to have anything to say.

use crate::model::kind::FileKind;
use crate::model::slots::{KeySet, Slot, bits};
use crate::yaml::{Kind, Value};

/// What wakes a rule. A rule of instances is asked for those that have one of the keys, themselves or from
/// service.yaml; a rule of documents or services for those in which anything has.
#[derive(Clone, Copy, Debug)]
pub struct On {
    kinds: Kinds,
    /// `None`: whatever is there.
    keys: Option<KeySet>,
}

impl On {
    /// Whatever is there.
    pub const ALWAYS: On = On { kinds: Kinds::ALL, keys: None };

    /// Any of these keys.
    pub const fn keys(names: &[&str]) -> On {
        On { kinds: Kinds::ALL, keys: Some(KeySet::of(names)) }
    }

    /// Any file of these kinds.
    pub const fn kinds(kinds: &[FileKind]) -> On {
        On { kinds: Kinds::of(kinds), keys: None }
    }

    /// The same, where this key is there as well.
    pub(crate) fn and(self, key: Slot) -> On {
        let mut keys = KeySet::NONE;
        keys.insert(key);
        On { keys: Some(keys), ..self }
    }

    /// The same, in files of these kinds only. For a rule of services: where there is one.
    #[must_use]
    pub const fn within(self, kinds: &[FileKind]) -> On {
        On { kinds: Kinds::of(kinds), ..self }
    }
}

/// A set of kinds of files; what has none (`eks-prod.yaml`) counts as a kind of its own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kinds(u16);

impl Kinds {
    const NONE_BIT: u32 = 15;
    /// Every kind.
    pub(crate) const ALL: Kinds = Kinds(u16::MAX);

    const fn of(kinds: &[FileKind]) -> Kinds {
        let (mut set, mut at) = (0, 0);
        while at < kinds.len() {
            set |= 1 << kinds[at] as u16;
            at += 1;
        }
        Kinds(set)
    }

    /// The kind of one file.
    pub(crate) const fn one(kind: Option<FileKind>) -> Kinds {
        match kind {
            Some(kind) => Kinds(1 << kind as u16),
            None => Kinds(1 << Self::NONE_BIT),
        }
    }

    /// Those of either set.
    #[must_use]
    pub(crate) const fn or(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }
}

/// Rules of one scope, each by its number in it.
#[derive(Clone, Copy, Debug, Default)]
struct Numbers([u64; 4]);

impl Numbers {
    fn insert(&mut self, number: usize) {
        if let Some(word) = self.0.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    fn or(self, other: Numbers) -> Numbers {
        let [a, b, c, d] = self.0;
        let [e, f, g, h] = other.0;
        Numbers([a | e, b | f, c | g, d | h])
    }

    fn and(self, other: Numbers) -> Numbers {
        let [a, b, c, d] = self.0;
        let [e, f, g, h] = other.0;
        Numbers([a & e, b & f, c & g, d & h])
    }
}

/// The rules of one scope, ordered by what wakes them.
#[derive(Debug)]
pub(crate) struct Wakeable<R> {
    rules: Vec<R>,
    always: Numbers,
    by_key: Vec<Numbers>,
    by_kind: [Numbers; 16],
}

impl<R> Default for Wakeable<R> {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            always: Numbers::default(),
            by_key: vec![Numbers::default(); Slot::COUNT],
            by_kind: [Numbers::default(); 16],
        }
    }
}

impl<R> Wakeable<R> {
    /// Adds a rule.
    pub(crate) fn add(&mut self, on: On, rule: R) {
        let number = self.rules.len();
        self.rules.push(rule);
        match on.keys {
            None => self.always.insert(number),
            Some(keys) => {
                for key in keys.iter() {
                    if let Some(numbers) = self.by_key.get_mut(key.index()) {
                        numbers.insert(number);
                    }
                }
            }
        }
        for (bit, numbers) in self.by_kind.iter_mut().enumerate() {
            if on.kinds.0 >> bit & 1 == 1 {
                numbers.insert(number);
            }
        }
    }

    fn numbers(&self, kinds: Kinds, keys: KeySet) -> Numbers {
        let mut numbers = self.always;
        for key in keys.iter() {
            numbers = numbers.or(self.by_key.get(key.index()).copied().unwrap_or_default());
        }
        let mut of_kinds = Numbers::default();
        for (bit, numbers) in self.by_kind.iter().enumerate() {
            if kinds.0 >> bit & 1 == 1 {
                of_kinds = of_kinds.or(*numbers);
            }
        }
        numbers.and(of_kinds)
    }

    /// The rules that have to be asked where there are these kinds of files and these keys, in their order.
    pub(crate) fn awake(&self, kinds: Kinds, keys: KeySet) -> impl Iterator<Item = &R> {
        bits(self.numbers(kinds, keys).0).filter_map(|number| self.rules.get(number))
    }

    /// The others.
    pub(crate) fn asleep(&self, kinds: Kinds, keys: KeySet) -> impl Iterator<Item = &R> {
        let [a, b, c, d] = self.numbers(kinds, keys).0;
        bits([!a, !b, !c, !d]).map_while(|number| self.rules.get(number))
    }

    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &R> {
        self.rules.iter()
    }
}

/// The keys of a mapping that the table knows; none of anything else.
pub(crate) fn keys_of(value: Value<'_>) -> KeySet {
    let mut keys = KeySet::NONE;
    if value.kind() == Kind::Map {
        for entry in value.entries() {
            if let Some(slot) = entry.key.as_str().and_then(Slot::of) {
                keys.insert(slot);
            }
        }
    }
    keys
}
