//! When a rule is asked: which kinds of file and which keys must be there for it to have anything to say.

use crate::model::kind::FileKind;
use crate::model::slots::{Bits, KeySet, Slot};
use crate::yaml::{Kind, Value};

/// What wakes a rule: it looks only at files of these kinds, and of those only where one of the keys is. A rule of
/// instances is asked for those that have one of the keys, themselves or from service.yaml; a rule of documents or
/// services for those in which anything has.
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
    pub(crate) const fn and(self, key: Slot) -> On {
        On { keys: Some(KeySet::NONE.with(key)), ..self }
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

/// The rules of one scope, ordered by what wakes them.
#[derive(Debug)]
pub(crate) struct Wakeable<R> {
    rules: Vec<R>,
    always: Bits,
    by_key: Vec<Bits>,
    by_kind: [Bits; 16],
}

impl<R> Default for Wakeable<R> {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            always: Bits::NONE,
            by_key: vec![Bits::NONE; Slot::COUNT],
            by_kind: [Bits::NONE; 16],
        }
    }
}

impl<R> Wakeable<R> {
    /// Adds a rule.
    pub(crate) fn add(&mut self, on: On, rule: R) {
        let number = self.rules.len();
        self.rules.push(rule);
        match on.keys {
            None => self.always = self.always.with(number),
            Some(keys) => {
                for key in keys.iter() {
                    if let Some(numbers) = self.by_key.get_mut(key.index()) {
                        *numbers = numbers.with(number);
                    }
                }
            }
        }
        for (bit, numbers) in self.by_kind.iter_mut().enumerate() {
            if on.kinds.0 >> bit & 1 == 1 {
                *numbers = numbers.with(number);
            }
        }
    }

    /// The rules for these kinds of files.
    fn of_kinds(&self, kinds: Kinds) -> Bits {
        let of_kind = |(bit, numbers): (usize, &Bits)| (kinds.0 >> bit & 1 == 1).then_some(*numbers);
        self.by_kind.iter().enumerate().filter_map(of_kind).fold(Bits::NONE, Bits::or)
    }

    /// The rules that any of these keys wakes, and those that always look.
    fn of_keys(&self, keys: KeySet) -> Bits {
        let of_key = |key: Slot| self.by_key.get(key.index()).copied();
        keys.iter().filter_map(of_key).fold(self.always, Bits::or)
    }

    /// The rules that have to be asked where there are these kinds of files and these keys, in their order.
    pub(crate) fn awake(&self, kinds: Kinds, keys: KeySet) -> impl Iterator<Item = &R> {
        let numbers = self.of_kinds(kinds).and(self.of_keys(keys));
        numbers.iter().filter_map(|number| self.rules.get(number))
    }

    /// The others for these kinds of files.
    pub(crate) fn asleep(&self, kinds: Kinds, keys: KeySet) -> impl Iterator<Item = &R> {
        let numbers = self.of_kinds(kinds).and(self.of_keys(keys).not());
        numbers.iter().filter_map(|number| self.rules.get(number))
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
                keys = keys.with(slot);
            }
        }
    }
    keys
}
