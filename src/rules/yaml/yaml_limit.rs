//! Finds files that are too large, too deep, or expand to too much.

use crate::diagnostic::{Finding, Place};
use crate::rules::{Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds files that are too large, too deep, or expand to too much.
    ///
    /// ## Why it matters
    ///
    /// A few hundred bytes of nested aliases can expand to more than the memory of a host, and deep
    /// nesting makes PyYAML fail with a RecursionError. soalint reads up to 1 MB and 256 levels, which
    /// no honest configuration needs.
    ///
    /// ## Example
    ///
    /// There is no example: it would not fit on a page.
    ///
    /// ## Use instead
    ///
    /// A regular file of ordinary size.
    ///
    /// ## Source
    ///
    /// docs/design.md section 12; PyYAML 3.11 fails near 490 levels.
    "yaml-limit" in Yaml,
    level: Error,
    check: Check::Reader,
};

pub(crate) fn words(place: Place, problem: &str) -> Finding {
    Finding::new(place, format!("the file exceeds a limit of soalint: {problem}"))
        .label("here")
        .help("make the file smaller or flatter; PaaSTA's tools may exhaust the memory of a host on it")
}
