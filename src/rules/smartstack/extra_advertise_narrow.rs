//! Extra locations that are narrower than what clients look for.

use crate::diagnostic::Severity;
use crate::rules::support::locations::{rank, typed};
use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, Env, Level, Located, NamespaceCx, Rule, Sink, Slot};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds targets of `extra_advertise` that are narrower than the location type clients look by.
    ///
    /// ## Why it matters
    ///
    /// Tasks of the location on the left register in the locations on the right as well, but only
    /// for location types that are not wider than the target: registering in a whole superregion
    /// because one of its regions is named would make the tasks visible where nobody asked for
    /// them. A target that is narrower than all types in `advertise` is dropped without a word. One
    /// that is narrower than `discover` only is registered, but clients do not look there.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   advertise: [superregion]
    ///   discover: superregion
    ///   extra_advertise:
    ///     superregion:norcal-prod: ["region:uswest2-prod"]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   advertise: [superregion]
    ///   discover: superregion
    ///   extra_advertise:
    ///     superregion:norcal-prod: ["superregion:pnw-prod"]
    /// ```
    ///
    /// Which type is wider than which is `site: {location-types: [..]}` in `.soalint.yaml`; by
    /// default ecosystem, superregion, region, habitat. Other types are not judged.
    ///
    /// ## Source
    ///
    /// nerve-tools `configure_nerve`: extra locations are registered for equal or narrower
    /// advertise types only.
    "extra-advertise-narrow" in Smartstack,
    level: Error,
    also: &[Level::Warning],
    blocks: Blocks::Smartstack,
    check: Check::NamespaceEntry(Slot::known("extra_advertise"), check),
};

fn check(cx: &NamespaceCx<'_>, extra: &Located<'_>, sink: &mut Sink<'_>) {
    if extra.value.kind() != Kind::Map {
        return;
    }
    let discover = cx.get("discover");
    let wanted = match &discover {
        Some(located) => located.value.as_str(),
        None => Some("region"),
    };
    let Some((wanted, rank_wanted)) = wanted.and_then(|wanted| Some((wanted, rank(cx.env, wanted)?))) else {
        return;
    };
    let narrowest = narrowest_advertised(cx);
    for entry in extra.value.entries().filter(|entry| entry.value.kind() == Kind::Seq) {
        for item in entry.value.items() {
            let Some((kind, rank_kind)) = narrower(cx.env, item.as_str(), rank_wanted) else { continue };
            let is_dropped = narrowest.is_some_and(|narrowest| rank_kind > narrowest);
            let message =
                format!("a `{}` is narrower than the `{}` that clients look by", shown(kind), shown(wanted));
            let mut finding = cx.at(item.span(), message).help(format!(
                "name a `{}` instead, or discover by `{}`",
                shown(wanted),
                shown(kind)
            ));
            finding = if is_dropped {
                finding
                    .label("dropped without a word")
                    .why("tasks do not register there, so clients there do not find them")
            } else {
                finding
                    .label("nobody looks there")
                    .why("tasks register there, but clients look by another location type")
                    .severity(Severity::Warning)
            };
            if let Some(place) = discover.as_ref().map(Located::value_place) {
                finding = finding.related(place, "clients look by this");
            }
            sink.report(finding);
        }
    }
}

/// The type of a location and its rank, if it is narrower than rank `wanted`.
fn narrower<'a>(env: &Env, location: Option<&'a str>, wanted: usize) -> Option<(&'a str, usize)> {
    let (kind, _) = typed(location?)?;
    let rank = rank(env, kind).filter(|rank| *rank > wanted)?;
    Some((kind, rank))
}

/// Rank of the narrowest type in `advertise`; `None` unless all are known.
fn narrowest_advertised(cx: &NamespaceCx<'_>) -> Option<usize> {
    match cx.get("advertise") {
        None => rank(cx.env, "region"),
        Some(located) if located.value.kind() == Kind::Seq => {
            let ranks: Option<Vec<usize>> =
                located.value.items().map(|item| rank(cx.env, item.as_str()?)).collect();
            ranks?.into_iter().max()
        }
        Some(_) => None,
    }
}
