//! Numbers for the keys of the table: which keys a mapping has is a few bits, and a question for one of them a
//! look at a bit.
//!
//! Every name that is a key of an instance, a namespace or one of the files of a service has one number, whatever
//! the kinds of file that know it.

use super::adhoc::AdhocInstance;
use super::chronos::ChronosJob;
use super::deploy::Deploy;
use super::marathon::MarathonInstance;
use super::monitoring::Monitoring;
use super::service::Service;
use super::smartstack::Namespace;
use super::table::{Record, Shape, Shaped};
use crate::yaml::key_hash;

/// The number of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slot(u8);

/// The most keys that there may be, so that one byte numbers them and four words hold a set.
const MOST: usize = 255;

const RECORDS: [&Record; 7] = [
    record(&MarathonInstance::SHAPE),
    record(&ChronosJob::SHAPE),
    record(&AdhocInstance::SHAPE),
    record(&Namespace::SHAPE),
    record(&Service::SHAPE),
    record(&Monitoring::SHAPE),
    record(&Deploy::SHAPE),
];

const fn record(shape: &Shape) -> &'static Record {
    match shape {
        Shape::Record(record) => record,
        _ => panic!("not a mapping with known keys"),
    }
}

const ALL: ([&str; MOST], usize) = all();

/// The names by their numbers.
static NAMES: [&str; ALL.1] = {
    let mut names = [""; ALL.1];
    let mut at = 0;
    while at < ALL.1 {
        names[at] = ALL.0[at];
        at += 1;
    }
    names
};

const fn all() -> ([&'static str; MOST], usize) {
    let mut names = [""; MOST];
    let mut count = 0;
    let mut record = 0;
    while record < RECORDS.len() {
        let groups = RECORDS[record].groups;
        let mut group = 0;
        while group < groups.len() {
            let keys = groups[group].keys;
            let mut key = 0;
            while key < keys.len() {
                let name = keys[key].name;
                if find(name, &names, count).is_none() {
                    names[count] = name;
                    count += 1;
                }
                key += 1;
            }
            group += 1;
        }
        record += 1;
    }
    (names, count)
}

const fn find(name: &str, names: &[&str], count: usize) -> Option<usize> {
    let mut at = 0;
    while at < count {
        if equal(name, names[at]) {
            return Some(at);
        }
        at += 1;
    }
    None
}

const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// Room for twice as many keys as there are, so that most are found at the first look.
const TABLE_SIZE: usize = 512;

/// Numbers plus one by the hash of the name; 0 is free.
static TABLE: [u8; TABLE_SIZE] = {
    let mut table = [0; TABLE_SIZE];
    let mut number = 0;
    while number < ALL.1 {
        let mut at = key_hash(ALL.0[number]) as usize % TABLE_SIZE;
        while table[at] != 0 {
            at = (at + 1) % TABLE_SIZE;
        }
        #[expect(clippy::cast_possible_truncation, reason = "there are at most 255")]
        let entry = number as u8 + 1;
        table[at] = entry;
        number += 1;
    }
    table
};

impl Slot {
    /// How many there are.
    pub const COUNT: usize = ALL.1;

    /// The number of a key that is written in our own code.
    ///
    /// # Panics
    /// When that is compiled, if no table has such a key.
    pub const fn known(name: &str) -> Slot {
        match find(name, &ALL.0, ALL.1) {
            #[expect(clippy::cast_possible_truncation, reason = "there are at most 255")]
            Some(number) => Slot(number as u8),
            None => panic!("the table of keys has no such key"),
        }
    }

    /// The number of a key of a file, if the table has it.
    #[inline]
    pub fn of(name: &str) -> Option<Slot> {
        let mut at = key_hash(name) as usize % TABLE_SIZE;
        loop {
            let number = TABLE.get(at)?.checked_sub(1)?;
            if NAMES.get(usize::from(number)).is_some_and(|known| *known == name) {
                return Some(Slot(number));
            }
            at = (at + 1) % TABLE_SIZE;
        }
    }

    /// The key as it is written.
    pub fn name(self) -> &'static str {
        NAMES.get(self.index()).copied().unwrap_or_default()
    }

    /// The number, from 0 to [`Slot::COUNT`].
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A set of keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeySet(Bits);

impl KeySet {
    /// No key.
    pub const NONE: KeySet = KeySet(Bits::NONE);

    /// These keys, which are written in our own code.
    ///
    /// # Panics
    /// When that is compiled, if no table has one of them.
    pub const fn of(names: &[&str]) -> KeySet {
        let mut set = Bits::NONE;
        let mut at = 0;
        while at < names.len() {
            set = set.with(Slot::known(names[at]).index());
            at += 1;
        }
        KeySet(set)
    }

    /// The same and a key.
    #[inline]
    #[must_use]
    pub const fn with(self, slot: Slot) -> KeySet {
        KeySet(self.0.with(slot.index()))
    }

    /// Those of either set.
    #[inline]
    #[must_use]
    pub fn or(self, other: KeySet) -> KeySet {
        KeySet(self.0.or(other.0))
    }

    /// The keys, by number.
    pub fn iter(self) -> impl Iterator<Item = Slot> {
        self.0.iter().map(|at| Slot(u8::try_from(at).unwrap_or(u8::MAX)))
    }
}

/// A set of numbers from 0 to 255.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bits([u64; 4]);

impl Bits {
    pub(crate) const NONE: Bits = Bits([0; 4]);

    /// The same and a number; one beyond 255 is never in a set.
    #[inline]
    #[must_use]
    pub(crate) const fn with(self, number: usize) -> Bits {
        let mut words = self.0;
        if number < 256 {
            words[number / 64] |= 1 << (number % 64);
        }
        Bits(words)
    }

    /// The numbers of either set.
    #[inline]
    #[must_use]
    pub(crate) fn or(self, other: Bits) -> Bits {
        Bits(std::array::from_fn(|word| self.0[word] | other.0[word]))
    }

    /// The numbers of both.
    #[inline]
    #[must_use]
    pub(crate) fn and(self, other: Bits) -> Bits {
        Bits(std::array::from_fn(|word| self.0[word] & other.0[word]))
    }

    /// The numbers that are not in it.
    #[must_use]
    pub(crate) fn not(self) -> Bits {
        Bits(self.0.map(|word| !word))
    }

    /// The numbers, in order.
    #[inline]
    pub(crate) fn iter(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(index, mut word)| {
            std::iter::from_fn(move || {
                (word != 0).then(|| {
                    let bit = word.trailing_zeros() as usize;
                    word &= word - 1;
                    index * 64 + bit
                })
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_a_number_of_its_own() {
        let numbers: Vec<Option<Slot>> = NAMES.iter().map(|name| Slot::of(name)).collect();
        let expected: Vec<Option<Slot>> =
            (0..u8::try_from(Slot::COUNT).unwrap()).map(|n| Some(Slot(n))).collect();
        assert_eq!(numbers, expected);
        assert_eq!(Slot::of("no_such_key"), None);
        assert_eq!(Slot::known("cmd").name(), "cmd");
    }

    #[test]
    fn sets_hold_what_was_put_in() {
        let set = KeySet::of(&["cmd", "schedule"]).with(Slot::known("proxy_port"));
        let mut names: Vec<&str> = set.iter().map(Slot::name).collect();
        names.sort_unstable();
        assert_eq!(names, ["cmd", "proxy_port", "schedule"]);
    }
}
