//! Mistakes in soalint's own configuration file.

use crate::rules::{Blocks, Check, Rule};

pub(crate) static RULE: Rule = rule! {
    /// Reports a mistake in `.soalint.yaml`, the configuration of soalint itself.
    ///
    /// ## Why it matters
    ///
    /// A misspelt key or rule name would silently switch off what somebody wanted checked, so
    /// soalint refuses to run (exit code 2) until the file is right.
    ///
    /// ## Source
    ///
    /// docs/design.md section 9.
    "configuration" in Internal,
    level: Error,
    blocks: Blocks::Nothing,
    check: Check::Reader,
};
