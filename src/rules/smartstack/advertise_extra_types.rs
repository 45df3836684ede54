//! Registrations that nobody asks for any more.

use crate::rules::support::words::list;
use crate::rules::{Blocks, Check, Located, NamespaceCx, Rule, Sink, Slot};
use crate::yaml::{Kind, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds namespaces that advertise more location types than the one clients look by.
    ///
    /// ## Why it matters
    ///
    /// A service that moves to another location type advertises both for a while, and the last step
    /// of the move, shrinking the list, is easily forgotten. Every type costs registrations in
    /// ZooKeeper and a backend on every host. Wider types can be meant as a fallback.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   advertise: [region, superregion]
    ///   discover: superregion
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   advertise: [superregion]
    ///   discover: superregion
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of moving a service to a different location type, last step.
    "advertise-extra-types" in Smartstack,
    level: Info,
    blocks: Blocks::Nothing,
    check: Check::NamespaceEntry(Slot::known("advertise"), check),
};

fn check(cx: &NamespaceCx<'_>, advertise: &Located<'_>, sink: &mut Sink<'_>) {
    if advertise.value.kind() != Kind::Seq {
        return;
    }
    if advertise.value.len() < 2 {
        return;
    }
    let discover = cx.get("discover");
    let wanted = match &discover {
        Some(located) => located.value.as_str(),
        None => Some("region"),
    };
    let Some(wanted) = wanted else { return };
    let types: Vec<&str> = advertise.value.items().filter_map(Value::as_str).collect();
    if !types.contains(&wanted) {
        return;
    }
    let extra: Vec<&str> = types.into_iter().filter(|kind| *kind != wanted).collect();
    if extra.is_empty() {
        return;
    }
    let mut finding = cx
        .at_value(advertise, format!("nobody looks by {}", list(extra.iter().copied(), 5, " and ")))
        .label("more than clients look by")
        .why("each type costs registrations in ZooKeeper and a backend on every host")
        .help("when the move is over, advertise only what clients look by");
    if let Some(discover) = &discover {
        finding = finding.related(discover.value_place(), "clients look by this");
    }
    sink.report(finding);
}
