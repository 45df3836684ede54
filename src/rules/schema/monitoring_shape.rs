//! Finds values in monitoring settings that Sensu cannot use.

use crate::rules::{Blocks, Check, Fixable, Level, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds values in monitoring settings that Sensu cannot use.
    ///
    /// ## Why it matters
    ///
    /// An alert with such a value raises in the script that sends it, or pages the wrong people:
    /// the string `"false"` pages. Nobody is told. Tasks run on, so only alerts are held back.
    ///
    /// ## Example
    ///
    /// ```yaml monitoring.yaml
    /// team: devs
    /// page: "false"
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml monitoring.yaml
    /// team: devs
    /// page: false
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Quotes around a text or off a boolean, and a list of one word, are safe: the type that is wanted
    /// leaves only one meaning. Another key or word is a guess, and unsafe.
    ///
    /// ## Source
    ///
    /// pysensu-yelp 0.3.4; the documentation of monitoring.yaml.
    "monitoring-shape" in Monitoring,
    level: Error,
    also: &[Level::Warning],
    blocks: Blocks::JenkinsAndSensu,
    fix: Fixable::Sometimes,
    check: Check::Schema,
};
