//! Location types that the site does not have.

use crate::diagnostic::{Finding, Severity};
use crate::repo::Document;
use crate::rules::support::locations::typed;
use crate::rules::support::words::shown;
use crate::rules::{
    Check, Fixable, InstanceCx, Level, NamespaceCx, On, Rule, ServiceCx, Sink, namespaces_of,
};
use crate::suggest;
use crate::yaml::{Kind, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds location types that are not among those of the site.
    ///
    /// ## Why it matters
    ///
    /// Nerve and Synapse drop unknown types, or fail on them: tasks do not register, or every
    /// host loses its configuration. A blacklist or whitelist of an unknown type refers to an
    /// attribute that no host has.
    ///
    /// The rule needs `site: {location-types: [..]}` in `.soalint.yaml` and is silent without it.
    ///
    /// ## Example
    ///
    /// ```config
    /// site: {location-types: [ecosystem, superregion, region, habitat]}
    /// ```
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   advertise: [regoin]
    ///   discover: regoin
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```config
    /// site: {location-types: [ecosystem, superregion, region, habitat]}
    /// ```
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   advertise: [region]
    ///   discover: region
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Unsafe: what was meant is a guess.
    ///
    /// ## Source
    ///
    /// synapse-tools `configure_synapse`, nerve-tools `configure_nerve`, environment-tools.
    "location-type-unknown" in Placement,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    on: On::keys(&["advertise", "discover", "extra_advertise", "deploy_blacklist", "monitoring_blacklist", "deploy_whitelist"]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let Some(types) = &cx.env.settings.site.location_types else { return };
    let judge = Judge { cx, types };
    for namespace in namespaces_of(cx.env, cx.service) {
        judge.namespace(&namespace, sink);
    }
    for instance in cx.instances() {
        judge.instance(&instance, sink);
    }
}

struct Judge<'c, 'a> {
    cx: &'c ServiceCx<'a>,
    types: &'c [String],
}

impl Judge<'_, '_> {
    fn unknown(&self, document: &Document, value: Value<'_>, kind: &str) -> Option<Finding> {
        if self.types.iter().any(|known| known == kind) {
            return None;
        }
        let meant = suggest::nearest(kind, self.types.iter().map(String::as_str));
        let help = match meant {
            Some(meant) => format!("did you mean `{}`?", shown(meant)),
            None => "use a location type of the site, or add it to `site.location-types` in .soalint.yaml"
                .to_owned(),
        };
        let mut finding = Finding::new(
            document.place(value.span()),
            format!("the site has no location type `{}`", shown(kind)),
        );
        finding.subject.service = Some(self.cx.service.name.clone());
        finding.subject.cluster.clone_from(&document.cluster);
        finding.subject.path = document.path_to(value.span());
        let finding = finding.label("unknown location type").help(help);
        Some(crate::rules::support::edits::offer(finding, kind, meant))
    }

    fn namespace(&self, namespace: &NamespaceCx<'_>, sink: &mut Sink<'_>) {
        let mut report = |value: Value<'_>, kind: &str, why: &'static str| {
            if let Some(finding) = self.unknown(namespace.document, value, kind) {
                sink.report(finding.instance(namespace.name).why(why));
            }
        };
        if let Some(located) = namespace.get("discover")
            && let Some(kind) = located.value.as_str()
        {
            report(
                located.value,
                kind,
                "clients find nobody, and Synapse loses its configuration on every host",
            );
        }
        if let Some(located) = namespace.get("advertise").filter(|found| found.value.kind() == Kind::Seq) {
            for item in located.value.items() {
                let Some(kind) = item.as_str() else { continue };
                report(item, kind, "the type is dropped without a word, so no task registers by it");
            }
        }
        let Some(extra) = namespace.get("extra_advertise").filter(|found| found.value.kind() == Kind::Map)
        else {
            return;
        };
        for entry in extra.value.entries() {
            let list = (entry.value.kind() == Kind::Seq).then(|| entry.value.items()).into_iter().flatten();
            for value in std::iter::once(entry.key).chain(list) {
                let Some((kind, _)) = value.as_str().and_then(typed) else { continue };
                report(value, kind, "Nerve's configuration fails on every host that runs the service");
            }
        }
    }

    fn instance(&self, instance: &InstanceCx<'_>, sink: &mut Sink<'_>) {
        let mut report = |value: Value<'_>| {
            let Some(kind) = value.as_str() else { return };
            // A blacklist can name any attribute of a host.
            if let Some(finding) = self.unknown(instance.document, value, kind) {
                let why = "no host has such an attribute, so this does not do what it seems to";
                sink.report(finding.instance(instance.instance.name).why(why).severity(Severity::Warning));
            }
        };
        for key in ["deploy_blacklist", "monitoring_blacklist"] {
            let Some(list) = instance.own(key).filter(|found| found.value.kind() == Kind::Seq) else {
                continue;
            };
            for pair in list.value.items().filter(|pair| pair.kind() == Kind::Seq && pair.len() == 2) {
                pair.items().take(1).for_each(&mut report);
            }
        }
        if let Some(list) = instance.own("deploy_whitelist").filter(|found| found.value.kind() == Kind::Seq) {
            list.value.items().take(1).for_each(&mut report);
        }
    }
}
