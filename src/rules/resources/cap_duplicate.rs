//! Capabilities that are listed twice.

use std::collections::HashMap;

use crate::rules::support::capabilities;
use crate::rules::support::edits::remove_item;
use crate::rules::{Check, DocumentCx, Fixable, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds capabilities that are in one `cap_add` twice.
    ///
    /// ## Why it matters
    ///
    /// The second item does nothing. Perhaps it should have been another one, which the container
    /// then lacks.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cap_add: [IPC_LOCK, SYS_NICE, IPC_LOCK]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cap_add: [IPC_LOCK, SYS_NICE]
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Removing the second item is safe: it does nothing.
    ///
    /// ## Source
    ///
    /// Docker adds each capability once.
    "cap-duplicate" in Resources,
    level: Warning,
    fix: Fixable::Sometimes,
    on: On::keys(&["cap_add"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for list in capabilities::lists(cx).filter(|list| list.len() > 1) {
        let mut seen = HashMap::new();
        for item in list.items() {
            // What is no capability has a finding of its own.
            let Some((known, _)) = item.as_str().and_then(capabilities::find) else { continue };
            let first = *seen.entry(known).or_insert(item);
            if first.id() == item.id() {
                continue;
            }
            let finding = cx
                .at(item.span(), format!("the capability `{known}` is listed twice"))
                .label("again")
                .related(cx.document.place(first.span()), "the first one")
                .why("the second one does nothing")
                .help("remove one of them, or write the other capability that was meant");
            sink.report(match remove_item(list, item) {
                Some(edits) => finding.safe_fix("remove the second one", edits),
                None => finding,
            });
        }
    }
}
