//! Extra locations that the site does not have.

use crate::rules::support::locations::typed;
use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, Located, NamespaceCx, Rule, Sink, Slot};
use crate::suggest;
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds locations in `extra_advertise` that are not among those of the site.
    ///
    /// ## Why it matters
    ///
    /// Nerve looks every location up in the site's mapping, and fails on one that is not there: on
    /// each host that runs the service, no registration of any service is updated any more.
    ///
    /// The rule needs `site: {location-mapping: {..}}` in `.soalint.yaml` and is silent without it,
    /// and for types that the mapping does not have.
    ///
    /// ## Example
    ///
    /// ```config
    /// site: {location-mapping: {prod_ecosystem: {uswest1-prod_region: {}, uswest2-prod_region: {}}}}
    /// ```
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   extra_advertise:
    ///     region:uswest1-prod: ["region:uswest3-prod"]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```config
    /// site: {location-mapping: {prod_ecosystem: {uswest1-prod_region: {}, uswest2-prod_region: {}}}}
    /// ```
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   extra_advertise:
    ///     region:uswest1-prod: ["region:uswest2-prod"]
    /// ```
    ///
    /// ## Source
    ///
    /// nerve-tools `configure_nerve`; environment-tools `convert_location_type`, which raises.
    "extra-advertise-unknown-location" in Smartstack,
    level: Error,
    blocks: Blocks::Smartstack,
    check: Check::NamespaceEntry(Slot::known("extra_advertise"), check),
};

fn check(cx: &NamespaceCx<'_>, extra: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(mapping) = &cx.env.settings.site.location_mapping else { return };
    if extra.value.kind() != Kind::Map {
        return;
    }
    for entry in extra.value.entries() {
        let list = (entry.value.kind() == Kind::Seq).then(|| entry.value.items()).into_iter().flatten();
        for value in std::iter::once(entry.key).chain(list) {
            let Some((kind, name)) = value.as_str().and_then(typed) else { continue };
            if mapping.has(kind, name) || mapping.names(kind).next().is_none() {
                continue;
            }
            let help = match suggest::nearest(name, mapping.names(kind)) {
                Some(meant) => format!("did you mean `{}:{}`?", shown(kind), shown(meant)),
                None => "use a location of the site, or add it to `site.location-mapping` in .soalint.yaml"
                    .to_owned(),
            };
            sink.report(
                cx.at(value.span(), format!("the site has no {} `{}`", shown(kind), shown(name)))
                    .label("unknown location")
                    .why("Nerve's configuration fails on every host that runs the service")
                    .help(help),
            );
        }
    }
}
