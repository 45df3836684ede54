//! Lists of dependencies that nothing refers to.

use std::collections::BTreeSet;

use crate::model::kind::FileKind;
use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds lists in dependencies.yaml that no `dependencies_reference` names.
    ///
    /// ## Why it matters
    ///
    /// Such a list lets nothing through. It is advice and off by default, and silent where not all
    /// instances could be read.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   security: {outbound_firewall: block}
    ///   dependencies_reference: main
    /// ```
    ///
    /// ```yaml dependencies.yaml
    /// main:
    ///   - well-known: internet
    /// batch:
    ///   - well-known: internet
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   security: {outbound_firewall: block}
    ///   dependencies_reference: main
    /// ```
    ///
    /// ```yaml dependencies.yaml
    /// main:
    ///   - well-known: internet
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `firewall`.
    "dependencies-unused" in Security,
    level: Info,
    blocks: Blocks::Nothing,
    on: On::kinds(&[FileKind::Dependencies]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let Some((document, lists)) = cx.service.mapping("dependencies.yaml") else { return };
    if !cx.service.knows_all_instances() {
        return;
    }
    let mut used = BTreeSet::new();
    for instance in cx.instances() {
        if let Some(reference) = instance.get("dependencies_reference") {
            used.extend(reference.value.as_str());
        }
    }
    for entry in lists.entries() {
        let Some(name) = entry.key.as_str().filter(|name| !used.contains(name)) else { continue };
        sink.report(
            cx.at(
                document,
                entry.key.span(),
                format!("no instance refers to the dependencies `{}`", shown(name)),
            )
            .label("used by nothing")
            .why("a firewall lets through only the list that `dependencies_reference` names")
            .help("remove the list, or name it in an instance"),
        );
    }
}
