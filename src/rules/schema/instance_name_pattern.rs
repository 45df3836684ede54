//! Finds names of instances and jobs that cannot be used.

use crate::rules::{Check, Fixable, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds names of instances and jobs that cannot be used.
    ///
    /// ## Why it matters
    ///
    /// The name of a Marathon instance becomes part of an application id, so it takes lower-case
    /// letters, digits, `-` and `_` (which is `--` in the id), and starts and ends with a letter or
    /// digit. A dot, slash or blank in the name of a job breaks the names that PaaSTA builds of it.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// HELLO_WORLD:
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// hello_world:
    ///   cmd: run
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Unsafe: under another name it is another instance, and whatever names it must change, too.
    ///
    /// ## Source
    ///
    /// The Marathon schema of paasta-tools 0.66.6; application ids of Marathon; job ids of PaaSTA.
    "instance-name-pattern" in Names,
    level: Error,
    fix: Fixable::Sometimes,
    check: Check::Schema,
};
