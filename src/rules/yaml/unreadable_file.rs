//! Finds YAML files that cannot be read: links that lead nowhere or out of the tree, directories, missing permissions.

use crate::diagnostic::{Finding, Place};
use crate::repo::{Holder, Unread};
use crate::rules::{Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Finds YAML files that cannot be read: links that lead nowhere or out of the tree, directories, missing permissions.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA takes a file that it cannot read for an empty one. What it configures is then removed:
    /// instances are destroyed, ports are closed.
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
    /// `service_configuration_lib:_read_yaml_file` returns an empty mapping when opening fails.
    "unreadable-file" in Yaml,
    level: Error,
    check: Check::Reader,
};

pub(crate) fn words(whole: Place, reason: &Unread, holder: Holder) -> Finding {
    Finding::new(whole, format!("this {} cannot be read: {reason}", holder.noun()))
        .why(reason.why(holder))
        .help(reason.help(holder))
}
