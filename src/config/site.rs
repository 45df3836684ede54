//! Facts about the site that no file of the tree states.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};

/// Facts about the site that no file of the tree states.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[schemars(title = "facts about the site")]
pub struct Site {
    /// Names of the clusters.
    pub clusters: Option<Vec<String>>,
    /// Names of the Mesos pools.
    pub pools: Option<Vec<String>>,
    /// Names of the teams that Sensu knows.
    pub teams: Option<Vec<String>>,
    /// Location types, from the widest to the narrowest (`ecosystem`, `superregion`, ...).
    pub location_types: Option<Vec<String>>,
    /// Names of the attributes that Mesos agents have, for constraints; `hostname` and `pool` need
    /// not be named.
    pub agent_attributes: Option<Vec<String>>,
    /// Which location lies in which, as in `location_mapping.json`: keys are `<location>_<type>`,
    /// values hold the narrower locations.
    pub location_mapping: Option<LocationMapping>,
    /// Volumes that every container gets, as in `volumes` of PaaSTA's system configuration.
    pub system_volumes: Option<Vec<SystemVolume>>,
}

/// A location: a type and a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// Its type: `region`.
    pub kind: String,
    /// Its name: `uswest1-prod`.
    pub name: String,
}

impl<'de> Deserialize<'de> for Location {
    /// `<location>_<type>`; a type has no underscore, a location may (`environment_tools`).
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Key;

        impl Visitor<'_> for Key {
            type Value = Location;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`<location>_<type>`, such as uswest1-prod_region")
            }

            fn visit_str<E: de::Error>(self, key: &str) -> Result<Location, E> {
                match key.rsplit_once('_') {
                    Some((name, kind)) if !name.is_empty() && !kind.is_empty() => {
                        Ok(Location { kind: kind.to_owned(), name: name.to_owned() })
                    }
                    _ => Err(E::invalid_value(de::Unexpected::Str(key), &self)),
                }
            }
        }

        deserializer.deserialize_str(Key)
    }
}

/// Which location lies in which.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocationMapping {
    within: Inner,
    /// Names by type, for look-ups.
    names: BTreeMap<String, BTreeSet<String>>,
}

/// Locations with those that lie in them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
struct Inner(BTreeMap<Location, Option<Inner>>);

impl Inner {
    fn children(&self) -> impl Iterator<Item = (&Location, Option<&Inner>)> {
        self.0.iter().map(|(location, inner)| (location, inner.as_ref()))
    }
}

impl<'de> Deserialize<'de> for LocationMapping {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let within = Inner::deserialize(deserializer)?;
        let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut open = vec![&within];
        while let Some(inner) = open.pop() {
            for (location, inner) in inner.children() {
                names.entry(location.kind.clone()).or_default().insert(location.name.clone());
                open.extend(inner);
            }
        }
        Ok(Self { within, names })
    }
}

impl LocationMapping {
    /// The types that locations of the mapping have, sorted.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// The locations of a type, sorted; none of an unknown type.
    pub fn names(&self, kind: &str) -> impl Iterator<Item = &str> {
        self.names.get(kind).into_iter().flatten().map(String::as_str)
    }

    /// Whether there is a location of that type and name.
    pub fn has(&self, kind: &str, name: &str) -> bool {
        self.names.get(kind).is_some_and(|names| names.contains(name))
    }

    /// The locations of type `kind` that lie in `outer`, itself included. Takes time in the size of
    /// the mapping: look up once per finding, not per instance.
    pub fn within(&self, outer: &Location, kind: &str) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        let mut open = vec![(&self.within, false)];
        while let Some((inner, is_inside)) = open.pop() {
            for (location, inner) in inner.children() {
                let is_inside = is_inside || location == outer;
                if is_inside && location.kind == kind {
                    found.insert(location.name.as_str());
                }
                open.extend(inner.map(|inner| (inner, is_inside)));
            }
        }
        found
    }
}

impl JsonSchema for LocationMapping {
    fn schema_name() -> Cow<'static, str> {
        "LocationMapping".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let inner = generator.subschema_for::<Option<LocationMapping>>();
        json_schema!({
            "description": "Locations, each `<location>_<type>`, with the narrower locations in them.",
            "title": "location mapping",
            "type": "object",
            "propertyNames": {
                "pattern": "^.+_[^_]+$",
                "patternErrorMessage": "a location is <location>_<type>, such as uswest1-prod_region"
            },
            "additionalProperties": inner
        })
    }
}

/// A volume that every container gets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(title = "volume")]
pub struct SystemVolume {
    /// Where the container sees it.
    pub container_path: String,
    /// Where it is on the host.
    pub host_path: String,
    /// Whether the container may write to it.
    #[serde(default)]
    pub mode: Option<MountMode>,
}

/// Whether a container may write to a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum MountMode {
    /// Only read.
    Ro,
    /// Read and write.
    Rw,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Budget, parse};

    fn mapping(text: &str) -> LocationMapping {
        LocationMapping::deserialize(parse(text.as_bytes(), &Budget::default()).unwrap().root()).unwrap()
    }

    #[test]
    fn locations_lie_in_each_other() {
        let mapping = mapping(
            "prod_ecosystem:\n  pnw-prod_superregion:\n    a_b_region: {}\n    c_region:\n  \
             other_superregion: {d_region: {}}\n",
        );
        assert_eq!(mapping.names("region").collect::<Vec<_>>(), ["a_b", "c", "d"]);
        assert_eq!(mapping.kinds().collect::<Vec<_>>(), ["ecosystem", "region", "superregion"]);
        assert!(mapping.has("superregion", "other") && !mapping.has("region", "other"));
        let location = |kind: &str, name: &str| Location { kind: kind.to_owned(), name: name.to_owned() };
        let within = |kind, name, inner| {
            mapping.within(&location(kind, name), inner).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(within("superregion", "pnw-prod", "region"), ["a_b", "c"]);
        assert_eq!(within("ecosystem", "prod", "region"), ["a_b", "c", "d"]);
        assert_eq!(within("region", "c", "region"), ["c"]);
        assert!(within("region", "x", "region").is_empty());
    }

    #[test]
    fn keys_that_are_no_locations_are_refused_at_their_place() {
        for (text, place) in [("prod: {}\n", "prod"), ("a_b: {_c: {}}\n", "_c"), ("a_b: [x]\n", "[x]")] {
            let tree = parse(text.as_bytes(), &Budget::default()).unwrap();
            let error = LocationMapping::deserialize(tree.root()).unwrap_err();
            assert_eq!(error.span.map(|span| span.of(text)), Some(place), "{error}");
        }
    }
}
