//! `dependencies.yaml`: what the outbound firewall lets through.

use super::declare::{nested, words};
use super::table::{Effect, Unknown};
use super::types::Listed;

nested! {
    /// One thing that may be reached: a SmartStack namespace, or a well-known place.
    #[record("a dependency: a mapping with `smartstack` or `well-known`", Unknown::Ignored("the firewall updater does not read it"), min: 1)]
    pub struct Dependency {
        /// A SmartStack namespace, `service.namespace`.
        smartstack: String {
            example: "myservice.main",
            effect: Effect::Firewall,
        }
        /// A place with a name.
        well_known as "well-known": WellKnown {
            example: "internet",
            effect: Effect::Firewall,
        }
    }
}

words! {
    /// Places that the firewall knows by name.
    #[words("a well-known place")]
    pub enum WellKnown {
        /// Every public address.
        Internet = "internet",
    }
}

impl Listed for Dependency {
    const WHAT: &'static str = "a list of dependencies";
    const FORM: &'static str = "[{smartstack: myservice.main}, {well-known: internet}]";
}
