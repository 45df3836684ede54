//! A whitelist of which the blacklist leaves nothing.

use std::collections::BTreeSet;

use crate::model::kind::FileKind;
use crate::rules::support::words::shown;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot};
use crate::yaml::{Kind, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances all of whose whitelisted locations are blacklisted as well.
    ///
    /// ## Why it matters
    ///
    /// The blacklist wins over the whitelist. If every location of the whitelist is on it, no
    /// host is left, and the instance can never be deployed.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   deploy_whitelist: ["region", ["uswest1-prod"]]
    ///   deploy_blacklist: [["region", "uswest1-prod"]]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   deploy_whitelist: ["region", ["uswest1-prod", "sfo1-prod"]]
    ///   deploy_blacklist: [["region", "uswest1-prod"]]
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `deploy_whitelist`: "the blacklist will take precedence".
    "whitelist-minus-blacklist-empty" in Placement,
    level: Error,
    on: On::kinds(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Entry(Slot::known("deploy_whitelist"), check),
};

fn check(cx: &InstanceCx<'_>, whitelist: &Located<'_>, sink: &mut Sink<'_>) {
    if whitelist.value.kind() != Kind::Seq {
        return;
    }
    let Some(blacklist) = cx.get("deploy_blacklist").filter(|found| found.value.kind() == Kind::Seq) else {
        return;
    };
    // Explicit constraints replace both.
    if cx.set("constraints").is_some() || whitelist.value.len() != 2 {
        return;
    }
    let mut parts = whitelist.value.items();
    let (Some(kind), Some(places)) = (parts.next().and_then(Value::as_str), parts.next()) else { return };
    if places.kind() != Kind::Seq || places.is_empty() {
        return;
    }
    let refused: BTreeSet<&str> = blacklist.value.items().filter_map(|pair| location(pair, kind)).collect();
    if !places.items().all(|place| place.as_str().is_some_and(|place| refused.contains(place))) {
        return;
    }
    sink.report(
        cx.at_value(whitelist, format!("every `{}` of `deploy_whitelist` is blacklisted", shown(kind)))
            .label("nothing is left of this")
            .related(blacklist.value_place(), "the blacklist wins")
            .why("no host is left on which the instance could run")
            .help("remove a location from `deploy_blacklist`, or add one to `deploy_whitelist`"),
    );
}

/// The location of a pair `[kind, location]`.
fn location<'a>(pair: Value<'a>, kind: &str) -> Option<&'a str> {
    let mut parts = pair.items();
    (pair.len() == 2 && parts.next()?.as_str() == Some(kind)).then(|| parts.next()?.as_str()).flatten()
}
