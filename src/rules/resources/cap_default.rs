//! Capabilities that every container has.

use crate::rules::support::capabilities::{self, Nature};
use crate::rules::support::edits::remove_item;
use crate::rules::{Check, DocumentCx, Fixable, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds capabilities in `cap_add` that Docker gives to every container anyway.
    ///
    /// ## Why it matters
    ///
    /// The item does nothing, and lets readers think that the service needs special rights. It is
    /// advice and off by default.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cap_add: [IPC_LOCK, NET_BIND_SERVICE]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cap_add: [IPC_LOCK]
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Removing the item is safe: the container has the capability without it.
    ///
    /// ## Source
    ///
    /// The default capabilities of Docker 17.
    "cap-default" in Resources,
    level: Info,
    fix: Fixable::Sometimes,
    on: On::keys(&["cap_add"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for list in capabilities::lists(cx) {
        for item in list.items().filter(|item| item.is_alias() == list.is_alias()) {
            let Some((known, Nature::Default)) = item.as_str().and_then(capabilities::find) else { continue };
            let finding = cx
                .at(item.span(), format!("every container has the capability `{known}`"))
                .label("adds nothing")
                .why("Docker gives it to every container")
                .help("remove it");
            sink.report(match remove_item(list, item) {
                Some(edits) => finding.safe_fix("remove it", edits),
                None => finding,
            });
        }
    }
}
