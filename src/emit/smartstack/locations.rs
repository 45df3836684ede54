//! Where tasks register and where clients look: location types, which location lies in which, and
//! where the node itself is.
//!
//! Facts: `Yelp/environment_tools`. `location_types.json` lists the types from the most general to
//! the most specific; `location_mapping.json` nests the locations, each key `<location>_<type>`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::emit::Refusal;

/// The usual types, taken where a tree does not say: from the most general to the most specific.
pub const USUAL_TYPES: [&str; 4] = ["ecosystem", "superregion", "region", "habitat"];

/// Name of every location of a node of which nothing is known.
pub const ASSUMED_LOCATION: &str = "local";

/// A location: `region:uswest1-prod`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// Its type: `region`.
    pub kind: String,
    /// Its name: `uswest1-prod`.
    pub name: String,
}

impl Location {
    /// Reads `type:name`; `None` unless there is exactly one colon.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, name) = text.split_once(':')?;
        (!name.contains(':')).then(|| Self { kind: kind.to_owned(), name: name.to_owned() })
    }

    fn of_key(key: &str) -> Option<Self> {
        let (name, kind) = key.rsplit_once('_')?;
        Some(Self { kind: kind.to_owned(), name: name.to_owned() })
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.name)
    }
}

/// Why the facts about locations cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocationError {
    /// The types are no list of text.
    #[error("the location types are not a JSON list of names, most general first")]
    Types,
    /// The mapping is no mapping of mappings.
    #[error("the location mapping is not a JSON object of objects")]
    Mapping,
    /// A key of the mapping.
    #[error("the location mapping has the key `{0}`, which is not `<location>_<type>` of a known type")]
    Key(String),
    /// A location of the node.
    #[error("`{0}` is not `type:name` of a known location type")]
    Here(String),
    /// A location of the node that the mapping does not have.
    #[error("the location mapping has no `{0}`")]
    NotMapped(Location),
    /// Two different locations of one type.
    #[error("the node cannot be in both `{0}` and `{1}`")]
    TwoPlaces(Location, Location),
}

/// The location hierarchy, and where the node is in it.
#[derive(Clone, Debug)]
pub struct Locations {
    types: Vec<String>,
    contains: BTreeMap<Location, BTreeSet<Location>>,
    within: BTreeMap<Location, BTreeSet<Location>>,
    here: BTreeMap<String, String>,
    assumed: bool,
}

impl Default for Locations {
    /// The usual types, and a node of which nothing is known.
    fn default() -> Self {
        let mut locations = Self::empty(USUAL_TYPES.iter().map(|kind| (*kind).to_owned()).collect());
        locations.assume();
        locations
    }
}

impl Locations {
    /// Reads `location_types.json` and `location_mapping.json`, as far as there are such files,
    /// and the node's own locations, each `type:name`. More general locations follow from the
    /// mapping; without any, the node is [`ASSUMED_LOCATION`] at every level.
    ///
    /// # Errors
    /// One of them has not the form that `environment_tools` reads.
    pub fn new(
        types: Option<&serde_json::Value>,
        mapping: Option<&serde_json::Value>,
        here: &[String],
    ) -> Result<Self, LocationError> {
        let types = match types {
            Some(types) => names(types).ok_or(LocationError::Types)?,
            None => USUAL_TYPES.iter().map(|kind| (*kind).to_owned()).collect(),
        };
        let mut locations = Self::empty(types);
        if let Some(mapping) = mapping {
            locations.add_mapping(mapping)?;
        }
        for text in here {
            let location = Location::parse(text).filter(|location| locations.rank(&location.kind).is_some());
            let location = location.ok_or_else(|| LocationError::Here(text.clone()))?;
            if mapping.is_some() && !locations.contains.contains_key(&location) {
                return Err(LocationError::NotMapped(location));
            }
            locations.set_here(location)?;
        }
        if here.is_empty() {
            locations.assume();
        } else {
            locations.add_general();
            locations.chain();
        }
        Ok(locations)
    }

    fn empty(types: Vec<String>) -> Self {
        let (contains, within) = (BTreeMap::new(), BTreeMap::new());
        Self { types, contains, within, here: BTreeMap::new(), assumed: false }
    }

    /// The types, most general first.
    pub fn types(&self) -> &[String] {
        &self.types
    }

    /// Whether the node's locations are only assumed.
    pub const fn is_assumed(&self) -> bool {
        self.assumed
    }

    /// Level of a type: 0 is the most general.
    pub fn rank(&self, kind: &str) -> Option<usize> {
        self.types.iter().position(|known| known == kind)
    }

    /// The node's location of that type.
    ///
    /// # Errors
    /// There is no such type, or nothing says where the node is.
    pub fn current(&self, kind: &str) -> Result<Location, Refusal> {
        self.known(kind)?;
        if let Some(name) = self.here.get(kind) {
            return Ok(Location { kind: kind.to_owned(), name: name.clone() });
        }
        let message = format!("nothing says in which {kind} the node is");
        let refusal = Refusal::new("IOError", message).help("name it with --location TYPE:NAME");
        Err(Refusal { lacks: Some(kind.to_owned()), ..refusal })
    }

    /// The node's location of a type that need not be one of the hierarchy; `None` if unknown.
    pub fn here(&self, kind: &str) -> Option<&str> {
        self.here.get(kind).map(String::as_str)
    }

    /// The locations of type `kind` that contain `location` or lie in it, sorted.
    ///
    /// # Errors
    /// An unknown type; a location that the mapping does not have.
    pub fn convert(&self, location: &Location, kind: &str) -> Result<Vec<Location>, Refusal> {
        let (from, to) = (self.known(&location.kind)?, self.known(kind)?);
        if !self.contains.contains_key(location) && !self.within.contains_key(location) {
            return Err(Refusal::new("KeyError", format!("there is no location `{location}`"))
                .help("name a location of the location mapping"));
        }
        let edges = if to < from { &self.within } else { &self.contains };
        let (mut seen, mut open) = (BTreeSet::new(), vec![location]);
        while let Some(next) = open.pop() {
            if seen.insert(next) {
                open.extend(edges.get(next).into_iter().flatten());
            }
        }
        Ok(seen.into_iter().filter(|found| found.kind == kind).cloned().collect())
    }

    fn known(&self, kind: &str) -> Result<usize, Refusal> {
        self.rank(kind).ok_or_else(|| {
            let known = self.types.join("`, `");
            Refusal::new("AssertionError", format!("`{kind}` is not a location type; there are `{known}`"))
        })
    }

    fn add_mapping(&mut self, mapping: &serde_json::Value) -> Result<(), LocationError> {
        let mut open: Vec<(Option<Location>, &serde_json::Value)> = vec![(None, mapping)];
        while let Some((outer, inner)) = open.pop() {
            for (key, value) in inner.as_object().ok_or(LocationError::Mapping)? {
                let location = Location::of_key(key).filter(|location| self.rank(&location.kind).is_some());
                let location = location.ok_or_else(|| LocationError::Key(key.clone()))?;
                self.add(outer.as_ref(), &location);
                open.push((Some(location), value));
            }
        }
        Ok(())
    }

    fn add(&mut self, outer: Option<&Location>, inner: &Location) {
        self.contains.entry(inner.clone()).or_default();
        if let Some(outer) = outer {
            self.contains.entry(outer.clone()).or_default().insert(inner.clone());
            self.within.entry(inner.clone()).or_default().insert(outer.clone());
        }
    }

    fn set_here(&mut self, location: Location) -> Result<(), LocationError> {
        if let Some(name) = self.here.get(&location.kind).filter(|name| **name != location.name) {
            let other = Location { kind: location.kind.clone(), name: name.clone() };
            return Err(LocationError::TwoPlaces(other, location));
        }
        self.here.insert(location.kind, location.name);
        Ok(())
    }

    fn assume(&mut self) {
        self.assumed = true;
        for kind in &self.types {
            self.here.insert(kind.clone(), ASSUMED_LOCATION.to_owned());
        }
        self.chain();
    }

    /// Where the mapping leaves no choice, the node is also in what contains its locations.
    fn add_general(&mut self) {
        let given: Vec<Location> = self
            .here
            .iter()
            .map(|(kind, name)| Location { kind: kind.clone(), name: name.clone() })
            .collect();
        for location in given {
            let rank = self.rank(&location.kind).unwrap_or(0);
            for kind in self.types.get(..rank).unwrap_or_default().to_vec() {
                let found = self.convert(&location, &kind).unwrap_or_default();
                if let ([only], false) = (found.as_slice(), self.here.contains_key(&kind)) {
                    self.here.insert(kind, only.name.clone());
                }
            }
        }
    }

    /// Nests the node's own locations where the mapping does not know them.
    fn chain(&mut self) {
        let mut outer: Option<Location> = None;
        for kind in self.types.clone() {
            let Some(name) = self.here.get(&kind) else { continue };
            let location = Location { kind, name: name.clone() };
            if !self.contains.contains_key(&location) {
                self.add(outer.as_ref(), &location);
            }
            outer = Some(location);
        }
    }
}

fn names(list: &serde_json::Value) -> Option<Vec<String>> {
    list.as_array()?.iter().map(|name| name.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn locations(here: &[&str]) -> Result<Locations, LocationError> {
        let mapping = json!({"prod_ecosystem": {
            "norcal_superregion": {"west-1_region": {"west-1a_habitat": {}, "west-1b_habitat": {}}},
            "pnw_superregion": {"west-2_region": {"west-2c_habitat": {}}}}});
        let here: Vec<String> = here.iter().map(|text| (*text).to_owned()).collect();
        Locations::new(None, Some(&mapping), &here)
    }

    fn shown(found: Result<Vec<Location>, Refusal>) -> Vec<String> {
        found.expect("it converts").iter().map(ToString::to_string).collect()
    }

    #[test]
    fn general_locations_follow_from_the_mapping() {
        let here = locations(&["habitat:west-1b"]).expect("it is one");
        assert_eq!(here.current("superregion").expect("it follows").name, "norcal");
        assert!(!here.is_assumed());
        let general = locations(&["superregion:norcal"]).expect("it is one");
        assert!(general.current("region").is_err());
        assert_eq!(general.current("ecosystem").expect("it follows").name, "prod");
    }

    #[test]
    fn locations_convert_up_and_down() {
        let all = locations(&["habitat:west-1b"]).expect("it is one");
        let region = Location::parse("region:west-1").expect("it is one");
        assert_eq!(shown(all.convert(&region, "habitat")), ["habitat:west-1a", "habitat:west-1b"]);
        assert_eq!(shown(all.convert(&region, "ecosystem")), ["ecosystem:prod"]);
        assert_eq!(shown(all.convert(&region, "region")), ["region:west-1"]);
        assert!(all.convert(&region, "planet").is_err());
        assert!(all.convert(&Location::parse("region:west-9").expect("it is one"), "habitat").is_err());
    }

    #[test]
    fn bad_facts_are_named() {
        assert_eq!(locations(&["planet:earth"]).err(), Some(LocationError::Here("planet:earth".to_owned())));
        assert!(matches!(locations(&["region:a"]), Err(LocationError::NotMapped(_))));
        assert!(matches!(locations(&["region:west-1", "region:west-2"]), Err(LocationError::TwoPlaces(..))));
        assert_eq!(Locations::new(Some(&json!({"a": 1})), None, &[]).err(), Some(LocationError::Types));
        assert_eq!(
            Locations::new(None, Some(&json!({"a_planet": {}})), &[]).err(),
            Some(LocationError::Key("a_planet".to_owned()))
        );
        assert_eq!(
            Locations::new(None, Some(&json!({"a_region": []})), &[]).err(),
            Some(LocationError::Mapping)
        );
    }

    #[test]
    fn without_facts_the_node_is_local_everywhere() {
        let assumed = Locations::default();
        assert!(assumed.is_assumed());
        let region = assumed.current("region").expect("it is assumed");
        assert_eq!(region.to_string(), "region:local");
        assert_eq!(shown(assumed.convert(&region, "superregion")), ["superregion:local"]);
    }
}
