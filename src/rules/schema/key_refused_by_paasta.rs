//! Finds documented keys that paasta-tools 0.66 refuses.

use crate::model::table::Key;
use crate::rules::{Check, Rule};
use crate::schema::explain::{Finding, ShapeCx};
use crate::yaml::Value;

pub(crate) static RULE: Rule = rule! {
    /// Finds documented keys that paasta-tools 0.66 refuses.
    ///
    /// ## Why it matters
    ///
    /// The documentation lists some keys that the schema of paasta-tools 0.66 does not know; its
    /// code reads some that no documentation lists and its schema refuses. `paasta validate` of
    /// that version fails on the whole file.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   healthcheck_port: 9000
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   healthcheck_mode: http
    /// ```
    ///
    /// ## Source
    ///
    /// docs/documentation-vs-code.md.
    "key-refused-by-paasta" in Compat,
    level: Warning (Paasta066: Off),
    check: Check::Schema,
};

pub(crate) fn words(cx: &ShapeCx<'_>, name: Value<'_>, key: &Key) -> Finding {
    cx.at(name.span(), format!("paasta-tools 0.66 refuses `{}`", key.name))
        .label("fine by the documentation")
        .why(key.refusal)
        .help("delete it if PaaSTA 0.66 or older reads this file")
        .identity(key.name)
}
