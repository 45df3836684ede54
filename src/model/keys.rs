//! The table of keys: what may stand where.

use super::adhoc::AdhocInstance;
use super::chronos::ChronosJob;
use super::dependencies::Dependency;
use super::deploy::Deploy;
use super::kind::FileKind;
use super::marathon::MarathonInstance;
use super::monitoring::Monitoring;
use super::service::Service;
use super::slots::Slot;
use super::smartstack::Namespace;
use super::table::{Key, Map, Names, Record, Shape, Shaped};
use super::types::NAMESPACE_NAME;
use crate::dialect::Dialect;
use std::sync::LazyLock;

const INSTANCES_FORM: &str = "{main: {instances: 1}}";

/// The shape of a whole file.
pub fn root(kind: FileKind) -> &'static Shape {
    match kind {
        FileKind::Marathon => &MARATHON,
        FileKind::Chronos => &CHRONOS,
        FileKind::Adhoc => &ADHOC,
        FileKind::Smartstack => &SMARTSTACK,
        FileKind::Dependencies => &DEPENDENCIES,
        FileKind::Monitoring => &MONITORING,
        FileKind::Service => &SERVICE,
        FileKind::Deploy => &DEPLOY,
    }
}

static MARATHON: Shape = Shape::Map(&Map {
    names: Names::Instance,
    value: MarathonInstance::SHAPE,
    min: 1,
    what: "a mapping of instance names to instances",
    form: INSTANCES_FORM,
});
static CHRONOS: Shape = Shape::Map(&Map {
    names: Names::Instance,
    value: ChronosJob::SHAPE,
    min: 1,
    what: "a mapping of job names to jobs",
    form: "{nightly: {schedule: 0 3 * * *}}",
});
static ADHOC: Shape = Shape::Map(&Map {
    names: Names::Instance,
    value: AdhocInstance::SHAPE,
    min: 1,
    what: "a mapping of instance names to instances",
    form: "{interactive: {mem: 1024}}",
});
static SMARTSTACK: Shape = Shape::Map(&Map {
    names: Names::Form(&NAMESPACE_NAME),
    value: Namespace::SHAPE,
    min: 0,
    what: "a mapping of namespaces to their settings",
    form: "{main: {proxy_port: 20001}}",
});
static DEPENDENCIES: Shape = Shape::Map(&Map {
    names: Names::Any,
    value: Vec::<Dependency>::SHAPE,
    min: 0,
    what: "a mapping of names to lists of dependencies",
    form: "{main: [{smartstack: myservice.main}]}",
});
static MONITORING: Shape = Monitoring::SHAPE;
static SERVICE: Shape = Service::SHAPE;
static DEPLOY: Shape = Deploy::SHAPE;

/// The key at the end of a path from the top of a file: `["main", "extra_volumes", "0", "mode"]`.
///
/// Names of instances and namespaces, and 0-based indices of lists, are steps of the path. A path
/// that ends at such a step has no key of its own and yields the key of the mapping or list.
pub fn lookup(kind: FileKind, path: &[&str]) -> Option<&'static Key> {
    walk(kind, path).and_then(|place| place.key)
}

/// The keys that may stand in the mapping at the end of `path`. Where the value can be several
/// things, those of the mapping among them.
pub fn keys_of(kind: FileKind, path: &[&str]) -> Vec<&'static Key> {
    walk(kind, path).and_then(|place| place.record()).map_or_else(Vec::new, |record| record.keys().collect())
}

/// The words that may be keys of the mapping at the end of `path`, where those are a closed list
/// of names (limits by Docker's names).
pub fn names_of(kind: FileKind, path: &[&str]) -> Vec<&'static str> {
    let words = walk(kind, path).and_then(|place| {
        place.alternatives().into_iter().find_map(|shape| match shape {
            Shape::Map(map) => match map.names {
                Names::Words(list) => Some(list),
                _ => None,
            },
            _ => None,
        })
    });
    words.map_or_else(Vec::new, |list| list.words.iter().map(|word| word.text).collect())
}

/// Where a path leads.
#[derive(Clone, Copy)]
pub struct Place {
    /// The nearest key above.
    pub key: Option<&'static Key>,
    /// What the value there looks like.
    pub shape: Shape,
    kind: FileKind,
}

impl Place {
    /// The mapping with known keys that the value is, or can be.
    pub fn record(&self) -> Option<&'static Record> {
        self.alternatives().into_iter().find_map(|shape| match shape {
            Shape::Record(record) => Some(record),
            _ => None,
        })
    }

    /// What the value can be, told apart: the documentation's reading, which accepts most.
    fn alternatives(&self) -> Vec<Shape> {
        fn add(shape: &Shape, kind: FileKind, to: &mut Vec<Shape>) {
            match shape.resolve(&Dialect::DOCUMENTED, kind) {
                Shape::Either(shapes) => shapes.iter().for_each(|shape| add(shape, kind, to)),
                Shape::NullOr(shape) => add(shape, kind, to),
                Shape::Lax(lax) => add(&lax.shape, kind, to),
                shape => to.push(shape),
            }
        }
        let mut shapes = Vec::new();
        add(&self.shape, self.kind, &mut shapes);
        shapes
    }

    /// Follows the rest of a path. Where a value can be several things, the first that has the whole
    /// path counts.
    fn follow(self, path: &[&str]) -> Option<Place> {
        let Some((name, rest)) = path.split_first() else { return Some(self) };
        let index = name.parse::<usize>().ok();
        self.alternatives().into_iter().find_map(|shape| {
            let (key, shape) = match shape {
                Shape::Record(record) => record.key(name).map(|key| (Some(key), key.shape))?,
                Shape::Map(map) => (self.key, map.value),
                Shape::List(list) => index.map(|_| (self.key, list.item))?,
                Shape::Tuple(tuple) => (self.key, *tuple.items.get(index?)?),
                _ => return None,
            };
            Place { key, shape, kind: self.kind }.follow(rest)
        })
    }
}

/// Follows a path from the top of a file.
pub fn walk(kind: FileKind, path: &[&str]) -> Option<Place> {
    Place { key: None, shape: *root(kind), kind }.follow(path)
}

/// Kinds of file that know a key of this name, with the record that has it, instances first.
pub fn kinds_with(name: &str) -> Vec<(FileKind, &'static Key)> {
    let find = |kind| entry_record(kind).and_then(|record| record.key(name)).map(|key| (kind, key));
    FileKind::ALL.into_iter().filter_map(find).collect()
}

/// The keys of one entry (instance, job, namespace), or of the file where it has no entries.
pub fn entry_record(kind: FileKind) -> Option<&'static Record> {
    match root(kind) {
        Shape::Record(record) => Some(record),
        Shape::Map(map) => match map.value {
            Shape::Record(record) => Some(record),
            _ => None,
        },
        _ => None,
    }
}

/// What is asked of a mapping with known keys, ready to be looked up: the mappings of which every file has many.
pub struct Entries {
    record: &'static Record,
    /// By the numbers of the keys.
    keys: Vec<Option<&'static Key>>,
    /// Those that the documentation says must be there.
    required: Vec<&'static Key>,
}

impl Entries {
    fn new(kind: FileKind) -> Option<Self> {
        let record = entry_record(kind)?;
        let mut keys = vec![None; Slot::COUNT];
        for key in record.keys() {
            if let Some(place) = Slot::of(key.name).and_then(|slot| keys.get_mut(slot.index())) {
                *place = Some(key);
            }
        }
        let required = record.keys().filter(|key| (key.required)(&Dialect::DOCUMENTED)).collect();
        Some(Self { record, keys, required })
    }

    /// Those of a kind of file, if that is what the record is.
    #[inline]
    pub fn of(kind: FileKind, record: &'static Record) -> Option<&'static Self> {
        let entries = ENTRIES.get(kind as usize)?.as_ref()?;
        std::ptr::eq(entries.record, record).then_some(entries)
    }

    /// The key called `name`.
    #[inline]
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        *self.keys.get(Slot::of(name)?.index())?
    }

    /// The keys that the documentation says must be there.
    pub fn required(&self) -> &[&'static Key] {
        &self.required
    }
}

static ENTRIES: LazyLock<[Option<Entries>; 8]> = LazyLock::new(|| FileKind::ALL.map(Entries::new));

/// Every key with its path; `*` stands for a name or an index. Keys of alternatives included.
pub fn all(kind: FileKind) -> Vec<(Vec<&'static str>, &'static Key)> {
    let mut rows = Vec::new();
    collect(&Place { key: None, shape: *root(kind), kind }, &mut Vec::new(), &mut rows);
    rows
}

fn collect(place: &Place, path: &mut Vec<&'static str>, rows: &mut Vec<(Vec<&'static str>, &'static Key)>) {
    for shape in place.alternatives() {
        match shape {
            Shape::Record(record) => {
                for key in record.keys() {
                    path.push(key.name);
                    rows.push((path.clone(), key));
                    collect(&Place { key: Some(key), shape: key.shape, kind: place.kind }, path, rows);
                    path.pop();
                }
            }
            Shape::Map(Map { value: inner, .. }) | Shape::List(super::table::List { item: inner, .. }) => {
                path.push("*");
                collect(&Place { key: place.key, shape: *inner, kind: place.kind }, path, rows);
                path.pop();
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::{DefaultValue, Provenance};
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn paths_lead_to_keys() {
        let name = |kind, path: &[&str]| lookup(kind, path).map(|key| key.name);
        assert_eq!(name(FileKind::Marathon, &["main", "cpus"]), Some("cpus"));
        assert_eq!(name(FileKind::Marathon, &["main", "extra_volumes", "0", "mode"]), Some("mode"));
        assert_eq!(name(FileKind::Marathon, &["main", "ulimit", "nofile", "soft"]), Some("soft"));
        assert_eq!(name(FileKind::Marathon, &["main", "ulimit", "0", "nofile", "soft"]), Some("soft"));
        assert_eq!(name(FileKind::Marathon, &["main", "env", "LOG_LEVEL"]), Some("env"));
        assert_eq!(name(FileKind::Marathon, &["main", "monitoring", "team"]), Some("team"));
        assert_eq!(name(FileKind::Marathon, &["main", "schedule"]), None);
        assert_eq!(name(FileKind::Marathon, &["main"]), None);
        assert_eq!(name(FileKind::Chronos, &["job", "parents", "1"]), Some("parents"));
        assert_eq!(name(FileKind::Monitoring, &["team"]), Some("team"));
        assert_eq!(name(FileKind::Deploy, &["pipeline", "0", "step"]), Some("step"));
        assert_eq!(name(FileKind::Dependencies, &["main", "0", "well-known"]), Some("well-known"));
        assert_eq!(name(FileKind::Smartstack, &["main", "cpus"]), None);
    }

    #[test]
    fn completions_follow_the_path() {
        let names = |kind, path: &[&str]| keys_of(kind, path).iter().map(|key| key.name).collect::<Vec<_>>();
        assert_eq!(names(FileKind::Marathon, &["main", "ulimit", "nofile"]), ["soft", "hard"]);
        assert!(names(FileKind::Marathon, &["main"]).contains(&"bounce_method"));
        assert!(!names(FileKind::Adhoc, &["main"]).contains(&"bounce_method"));
        assert!(names(FileKind::Marathon, &[]).is_empty());
        assert_eq!(names_of(FileKind::Adhoc, &["main", "ulimit"]).first(), Some(&"core"));
    }

    #[test]
    fn rows_are_complete_and_well_formed() {
        for kind in FileKind::ALL {
            let mut seen = HashSet::new();
            for (path, key) in all(kind) {
                assert!(seen.insert(path.clone()), "{kind:?} {path:?} is there twice");
                assert!(!key.markdown().is_empty(), "{} has no documentation", key.name);
                let unset = matches!(key.provenance, Provenance::Documented) && key.example.is_empty();
                assert!(!unset, "{} has no example", key.name);
                assert!(key.markdown().ends_with('.'), "{}", key.name);
                for dialect in [Dialect::DOCUMENTED, Dialect::PAASTA_0_66] {
                    assert!((key.accepted)(&dialect) || !key.refusal.is_empty(), "{}", key.name);
                }
                let undocumented = key.markdown().contains("ndocumented");
                assert!(key.provenance != Provenance::Documented || !undocumented, "{}", key.name);
                if let DefaultValue::Differs { documented, paasta_0_66 } = key.default {
                    assert_ne!(documented, paasta_0_66, "{}", key.name);
                }
            }
        }
    }
}
