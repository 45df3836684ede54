//! Location types: which is wider than which.

use crate::model::smartstack::LOCATION_TYPES;
use crate::rules::Env;
use crate::yaml::{Kind, Value};

/// Place of a location type in the hierarchy, 0 for the widest; `None` for a type that is not in it.
///
/// The site's own list if it is configured, else the usual four (payload-specs/smartstack).
pub(crate) fn rank(env: &Env, location_type: &str) -> Option<usize> {
    match &env.settings.site.location_types {
        Some(types) => types.iter().position(|name| name == location_type),
        None => LOCATION_TYPES.iter().position(|name| *name == location_type),
    }
}

/// The two parts of `type:location`; `None` for a text of another form.
pub(crate) fn typed(text: &str) -> Option<(&str, &str)> {
    let (kind, place) = text.split_once(':')?;
    (!kind.is_empty() && !place.is_empty() && !place.contains(':')).then_some((kind, place))
}

/// Type and location of an entry of a blacklist; `None` for another form.
pub(crate) fn pair(entry: Value<'_>) -> Option<(&str, &str)> {
    if entry.kind() != Kind::Seq || entry.len() != 2 {
        return None;
    }
    let mut parts = entry.items();
    Some((parts.next()?.as_str()?, parts.next()?.as_str()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    #[test]
    fn the_site_decides_the_order_if_it_has_one() {
        let usual = Env::new(Settings::default());
        assert!(rank(&usual, "ecosystem") < rank(&usual, "superregion"));
        assert!(rank(&usual, "region") < rank(&usual, "habitat"));
        assert_eq!(rank(&usual, "rack"), None);
        let mut settings = Settings::default();
        settings.site.location_types = Some(vec!["world".into(), "rack".into()]);
        let own = Env::new(settings);
        assert!(rank(&own, "world") < rank(&own, "rack"));
        assert_eq!(rank(&own, "region"), None);
    }

    #[test]
    fn typed_locations_have_one_colon() {
        assert_eq!(typed("region:uswest1-prod"), Some(("region", "uswest1-prod")));
        for text in ["region", "region:", ":x", "a:b:c", ""] {
            assert_eq!(typed(text), None, "{text}");
        }
    }
}
