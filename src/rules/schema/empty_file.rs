//! Finds files without anything in them.

use crate::rules::{Check, Level, Rule};
use crate::schema::explain::{Finding, ShapeCx};

pub(crate) static RULE: Rule = rule! {
    /// Finds files without anything in them.
    ///
    /// ## Why it matters
    ///
    /// For marathon-*, chronos-* and adhoc-* `paasta validate` refuses the file. Elsewhere it means
    /// the same as no file, and somebody probably meant to write more.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// # to do
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 1
    /// ```
    ///
    /// ## Source
    ///
    /// The schemas of paasta-tools 0.66.6 want at least one entry.
    "empty-file" in Schema,
    level: Error,
    also: &[Level::Warning],
    check: Check::Schema,
};

pub(crate) fn words(cx: &ShapeCx<'_>, is_mild: bool) -> Finding {
    let why = if is_mild {
        "an empty file means the same as no file"
    } else {
        "`paasta validate` refuses a file without instances"
    };
    Finding::new(cx.document.whole(), "this file is empty").why(why).help("delete the file")
}
