//! A rule that failed.

use crate::rules::{Blocks, Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Reports that a rule of soalint failed on a service; the other rules went on.
    ///
    /// ## Why it matters
    ///
    /// What the failed rule would have found in that service is missing from the report, so the
    /// run ends with exit code 2. This is a mistake in soalint, not in the configuration: please
    /// report it with the file that caused it.
    "internal-error" in Internal,
    level: Error,
    blocks: Blocks::Nothing,
    check: Check::Reader,
};
