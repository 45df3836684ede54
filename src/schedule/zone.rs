//! Time zones by name, from the tz database that is compiled in.

mod links;

use std::sync::OnceLock;

use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::suggest;

/// What a name of a time zone is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// A name of the tz database.
    Known,
    /// A name of the tz database that is younger than what PaaSTA 0.66 was installed with
    /// (pytz 2016.10), with the older name of the same zone, where there was one.
    Young(Option<&'static str>),
    /// No name; maybe this one is meant.
    Unknown(Option<&'static str>),
}

/// Names that the tz database got after release 2016j, with their older names.
const YOUNG: [(&str, Option<&str>); 7] = [
    ("America/Ciudad_Juarez", Some("America/Ojinaga")),
    ("America/Coyhaique", Some("America/Santiago")),
    ("America/Nuuk", Some("America/Godthab")),
    ("America/Punta_Arenas", Some("America/Santiago")),
    ("Asia/Qostanay", Some("Asia/Qyzylorda")),
    ("Europe/Kyiv", Some("Europe/Kiev")),
    ("Pacific/Kanton", Some("Pacific/Enderbury")),
];

/// Names that the tz database had then and has dropped since, with names of the same zones.
const DROPPED: [(&str, &str); 2] =
    [("Canada/East-Saskatchewan", "America/Regina"), ("US/Pacific-New", "America/Los_Angeles")];

/// Abbreviations and words that people write for a zone.
const ALIASES: [(&str, &str); 22] = [
    ("AEST", "Australia/Sydney"),
    ("AKST", "America/Anchorage"),
    ("BST", "Europe/London"),
    ("CDT", "America/Chicago"),
    ("CEST", "Europe/Berlin"),
    ("CST", "America/Chicago"),
    ("EDT", "America/New_York"),
    ("HKT", "Asia/Hong_Kong"),
    ("IST", "Asia/Kolkata"),
    ("JST", "Asia/Tokyo"),
    ("KST", "Asia/Seoul"),
    ("MDT", "America/Denver"),
    ("MSK", "Europe/Moscow"),
    ("NZST", "Pacific/Auckland"),
    ("PDT", "America/Los_Angeles"),
    ("PST", "America/Los_Angeles"),
    ("SGT", "Asia/Singapore"),
    ("Z", "UTC"),
    ("GMT0BST", "Europe/London"),
    ("PACIFIC", "US/Pacific"),
    ("EASTERN", "US/Eastern"),
    ("CENTRAL", "US/Central"),
];

/// All names, sorted.
fn names() -> &'static [String] {
    static NAMES: OnceLock<Vec<String>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let database = TimeZoneDatabase::bundled();
        // The bundle lists its release and an undefined zone among the names.
        let is_zone = |name: &String| name != "Factory" && !name.starts_with(|c: char| c.is_ascii_digit());
        let mut names: Vec<String> =
            database.available().map(|name| name.to_string()).filter(is_zone).collect();
        names.extend(DROPPED.map(|(name, _)| name.to_owned()));
        names.sort_unstable();
        names
    })
}

/// What `name` is. Names are compared letter by letter, as Python and Java do.
pub fn lookup(name: &str) -> Zone {
    if names().binary_search_by(|known| known.as_str().cmp(name)).is_err() {
        return Zone::Unknown(meant(name));
    }
    match YOUNG.iter().find(|(young, _)| *young == name) {
        Some((_, older)) => Zone::Young(*older),
        None => Zone::Known,
    }
}

/// The name that took the place of an old one.
pub fn current_name(name: &str) -> Option<&'static str> {
    let found = links::LINKS.binary_search_by(|(old, _)| (*old).cmp(name)).ok()?;
    links::LINKS.get(found).map(|(_, current)| *current)
}

/// The zone of that name, letter by letter.
pub fn time_zone(name: &str) -> Option<TimeZone> {
    if matches!(lookup(name), Zone::Unknown(_)) {
        return None;
    }
    let dropped = DROPPED.iter().find(|(dropped, _)| *dropped == name);
    TimeZoneDatabase::bundled().get(dropped.map_or(name, |(_, same)| same)).ok()
}

/// The name that somebody who wrote `name` probably meant.
fn meant(name: &str) -> Option<&'static str> {
    // Hostile input: every step below costs time in the length.
    if name.len() > 60 {
        return None;
    }
    let bare = name.trim().replace(' ', "_");
    let same = |known: &&String| known.eq_ignore_ascii_case(&bare);
    if let Some(known) = names().iter().find(same) {
        return Some(known);
    }
    if let Some((_, zone)) = ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(&bare)) {
        return Some(zone);
    }
    if let Some(zone) = fixed_offset(&bare) {
        return Some(zone);
    }
    // `Berlin`, `New_York`: the city alone, if only one region has it.
    let city =
        |known: &&String| known.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(&bare));
    let mut cities = names().iter().filter(city);
    if let (Some(known), None) = (cities.next(), cities.next()) {
        return Some(known);
    }
    suggest::nearest(&bare, names().iter().filter(|known| known.contains('/')).map(String::as_str))
}

/// `GMT+2`, `UTC+02:00`: the zone of that offset, whose name counts the other way round.
fn fixed_offset(name: &str) -> Option<&'static str> {
    let upper = name.to_ascii_uppercase();
    let rest = upper.strip_prefix("UTC").or_else(|| upper.strip_prefix("GMT")).unwrap_or(&upper);
    let sign = if rest.starts_with('+') { '-' } else { '+' };
    let hours = rest.strip_prefix(['+', '-'])?;
    let hours = hours.strip_suffix(":00").or_else(|| hours.strip_suffix("00")).unwrap_or(hours);
    let hours: u8 = hours.parse().ok()?;
    let zone = if hours == 0 { "UTC".to_owned() } else { format!("Etc/GMT{sign}{hours}") };
    names().iter().find(|known| **known == zone).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_by_their_letters() {
        for name in
            ["UTC", "America/Los_Angeles", "US/Pacific", "EST", "PST8PDT", "Etc/GMT+2", "US/Pacific-New"]
        {
            assert_eq!(lookup(name), Zone::Known, "{name}");
        }
        assert_eq!(lookup("Europe/Kyiv"), Zone::Young(Some("Europe/Kiev")));
    }

    #[test]
    fn unknown_names_get_the_one_that_was_meant() {
        for (name, zone) in [
            ("PST", "America/Los_Angeles"),
            ("america/los_angeles", "America/Los_Angeles"),
            ("America/Los Angeles", "America/Los_Angeles"),
            ("America/Los_Angelos", "America/Los_Angeles"),
            ("Berlin", "Europe/Berlin"),
            ("GMT+2", "Etc/GMT-2"),
            ("UTC+02:00", "Etc/GMT-2"),
            ("-08:00", "Etc/GMT+8"),
            ("utc", "UTC"),
        ] {
            assert_eq!(lookup(name), Zone::Unknown(Some(zone)), "{name}");
        }
        for name in ["", "2026e", "Factory", "nowhere at all", "GMT+99", &"x".repeat(10_000)] {
            assert_eq!(lookup(name), Zone::Unknown(None), "{name}");
        }
    }

    #[test]
    fn every_suggestion_is_a_name() {
        for zone in ALIASES.iter().map(|(_, zone)| *zone).chain(YOUNG.iter().filter_map(|(_, older)| *older))
        {
            assert_eq!(lookup(zone), Zone::Known, "{zone}");
        }
        for (old, zone) in links::LINKS {
            assert_eq!((lookup(old), lookup(zone)), (Zone::Known, Zone::Known), "{old} {zone}");
            assert_eq!((current_name(old), current_name(zone)), (Some(zone), None), "{old}");
        }
        for (name, _) in YOUNG {
            assert!(matches!(lookup(name), Zone::Young(_)), "{name}");
        }
    }
}
