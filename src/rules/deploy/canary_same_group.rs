//! Canaries that fly with the others.

use std::collections::BTreeMap;

use crate::model::kind::FileKind;
use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, InstanceCx, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances called canary that are in the deploy group of other instances of their cluster.
    ///
    /// ## Why it matters
    ///
    /// A canary gets a new version before the others do, which takes a deploy group of its own. It is
    /// advice and off by default.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   deploy_group: prod
    /// canary:
    ///   deploy_group: prod
    ///   registrations: [example.main]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   deploy_group: prod
    /// canary:
    ///   deploy_group: prod.canary
    ///   registrations: [example.main]
    /// ```
    ///
    /// ## Source
    ///
    /// PaaSTA's documentation of deploy groups.
    "canary-same-group" in Deploy,
    level: Info,
    blocks: Blocks::Nothing,
    on: On::kinds(&[FileKind::Marathon]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let is_canary = |instance: &InstanceCx<'_>| instance.instance.name.contains("canary");
    let marathon = || cx.groups().iter().filter(|(i, _)| i.instance.kind == FileKind::Marathon);
    if !marathon().any(|(instance, _)| is_canary(instance)) {
        return;
    }
    let mut others: BTreeMap<(&str, &str), &InstanceCx<'_>> = BTreeMap::new();
    for (instance, group) in marathon().filter(|(instance, _)| !is_canary(instance)) {
        others.entry((instance.instance.cluster, &group.name)).or_insert(instance);
    }
    for (instance, group) in marathon().filter(|(instance, _)| is_canary(instance)) {
        let Some(other) = others.get(&(instance.instance.cluster, &*group.name)) else { continue };
        let name = shown(other.instance.name);
        let message = format!("`{}` is in the same deploy group as `{name}`", shown(instance.instance.name));
        let finding = match &group.written {
            Some(located) => instance.at_value(located, message),
            None => instance.at_name(message),
        };
        sink.report(
            finding
                .label("the same deploy group")
                .related(other.document.place(other.instance.entry.key.span()), format!("`{name}`"))
                .why("it gets a new version together with the others, not before them")
                .help("give it a deploy group of its own, with a step before that of the others"),
        );
    }
}
