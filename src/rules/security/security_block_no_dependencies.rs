//! Firewalls without dependencies.

use crate::model::kind::FileKind;
use crate::rules::{Blocks, Check, InstanceCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances with an `outbound_firewall`, but without a `dependencies_reference`.
    ///
    /// ## Why it matters
    ///
    /// The firewall lets through what the list of dependencies says. Without a list the program that
    /// sets up the firewall of a host fails on the instance, and on what else it had to do in that run.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   security: {outbound_firewall: block}
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
    /// paasta-tools 0.66.6 `firewall`: without a reference it iterates over nothing and raises a
    /// TypeError.
    "security-block-no-dependencies" in Security,
    level: Error,
    blocks: Blocks::Nothing,
    on: On::keys(&["security"]).within(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let merged = cx.merged("security");
    let Some(firewall) = merged.iter().find(|entry| entry.key.as_str() == Some("outbound_firewall")) else {
        return;
    };
    // Other words have a finding of their own.
    let Some(mode) = firewall.value.as_str().filter(|mode| matches!(*mode, "block" | "monitor")) else {
        return;
    };
    if cx.set("dependencies_reference").is_some() {
        return;
    }
    sink.report(
        cx.at_value(
            firewall,
            "there is a firewall, but no `dependencies_reference` that says what it lets through",
        )
        .label(format!("`{mode}` what?"))
        .why("the firewall of every host that runs the instance cannot be set up")
        .help("name a list of dependencies.yaml in `dependencies_reference`")
        .absent(&["dependencies_reference"]),
    );
}
