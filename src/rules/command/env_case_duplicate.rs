//! Variables that differ in case only.

use std::collections::BTreeMap;

use crate::rules::written::{excerpt, own_text, written};
use crate::rules::{Check, DocumentCx, On, Rule, Sink};
use crate::yaml::Value;

pub(crate) static RULE: Rule = rule! {
    /// Finds environment variables whose names differ only in the case of their letters.
    ///
    /// ## Why it matters
    ///
    /// Both reach the container, since the case of names counts. Programs that look for `LOG_LEVEL`
    /// never see `Log_Level`; most often one of them is a slip or a leftover. Proxy settings, which
    /// are customarily given in both cases, are left alone.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   env:
    ///     LOG_LEVEL: info
    ///     Log_Level: debug
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   env:
    ///     LOG_LEVEL: debug
    /// ```
    ///
    /// ## Source
    ///
    /// POSIX, on environment variables.
    "env-case-duplicate" in Command,
    level: Info,
    on: On::keys(&["env"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for env in written(cx, "env") {
        let mut seen: BTreeMap<String, Value<'_>> = BTreeMap::new();
        for variable in own_text(env.value) {
            let Some(name) = variable.key.as_str() else { continue };
            let folded = name.to_lowercase();
            if folded.ends_with("_proxy") {
                continue;
            }
            let Some(first) = seen.get(&folded) else {
                seen.insert(folded, variable.key);
                continue;
            };
            if first.as_str() == Some(name) {
                continue;
            }
            sink.report(
                cx.at(
                    variable.key.span(),
                    format!("`{}` and `{}` are two variables", excerpt(first.text()), excerpt(name)),
                )
                .label("differs in case only")
                .related(cx.document.place(first.span()), "the other one")
                .why("a program reads only the one whose case it knows")
                .help("remove the one that nobody reads"),
            );
        }
    }
}
