//! Dependencies without a firewall.

use crate::model::kind::FileKind;
use crate::rules::{Blocks, Check, InstanceCx, Located, On, Rule, Sink, Slot};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances with a `dependencies_reference`, but without an `outbound_firewall`.
    ///
    /// ## Why it matters
    ///
    /// The list says what the firewall lets through. Without a firewall everything gets through, and
    /// the list has no effect. It is advice and off by default.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   dependencies_reference: main
    /// ```
    ///
    /// ```yaml dependencies.yaml
    /// main:
    ///   - well-known: internet
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   security: {outbound_firewall: monitor}
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
    /// paasta-tools 0.66.6 `firewall`: no rules without `outbound_firewall`.
    "dependencies-without-security" in Security,
    level: Info,
    blocks: Blocks::Nothing,
    on: On::kinds(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Entry(Slot::known("dependencies_reference"), check),
};

fn check(cx: &InstanceCx<'_>, reference: &Located<'_>, sink: &mut Sink<'_>) {
    if reference.value.is_null() {
        return;
    }
    let has_firewall = cx
        .merged("security")
        .iter()
        .any(|e| e.key.as_str() == Some("outbound_firewall") && !e.value.is_null());
    if !has_firewall {
        sink.report(
            cx.at_key(reference, "the dependencies have no effect without a firewall")
                .label("no effect")
                .why("only `security: {outbound_firewall: ...}` sets up a firewall that the list opens")
                .help("add `security: {outbound_firewall: monitor}` or `block`, or remove the reference"),
        );
    }
}
