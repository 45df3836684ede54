//! Keys of JIRA projects.

use crate::rules::written::{excerpt, monitoring};
use crate::rules::{Blocks, Check, DocumentCx, Fixable, On, Rule, Sink};
use crate::yaml::edit;

pub(crate) static RULE: Rule = rule! {
    /// Finds values of `project` that are no key of a JIRA project.
    ///
    /// ## Why it matters
    ///
    /// JIRA knows a project by its key: a capital letter, then capitals, digits and `_`. With a name or
    /// a key in small letters there is no ticket.
    ///
    /// ## Example
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// ticket: true
    /// project: Store Front
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// ticket: true
    /// project: SHOP
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Unsafe: whether there is a project of that key is not known.
    ///
    /// ## Source
    ///
    /// JIRA's default pattern for project keys.
    "project-format" in Monitoring,
    level: Warning,
    blocks: Blocks::Nothing,
    fix: Fixable::Sometimes,
    on: On::keys(&["monitoring", "project"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for (_, entry) in monitoring(cx, "project") {
        let value = entry.value;
        // An empty one leaves it to the team's.
        let Some(text) = value.as_str().filter(|text| !text.is_empty()) else { continue };
        if is_key(text) {
            continue;
        }
        let upper = text.trim().to_ascii_uppercase();
        let (help, edits) = if is_key(&upper) {
            (format!("write `{upper}`"), edit::replace(value, &upper))
        } else {
            ("write the key that begins the project's tickets, such as `SHOP` in SHOP-123".to_owned(), None)
        };
        sink.report(
            cx.at(value.span(), format!("`{}` is no key of a JIRA project", excerpt(text)))
                .label("capitals, digits and `_`")
                .why("JIRA makes no ticket in a project that it does not know")
                .help(help)
                .unsafe_fix(format!("write `{}`", excerpt(&upper)), edits),
        );
    }
}

fn is_key(text: &str) -> bool {
    let is_inside = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    text.len() > 1 && text.starts_with(|c: char| c.is_ascii_uppercase()) && text.bytes().all(is_inside)
}
