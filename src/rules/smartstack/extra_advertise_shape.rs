//! The form of `extra_advertise`.

use crate::diagnostic::Severity;
use crate::rules::support::edits;
use crate::rules::support::locations::typed;
use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, Level, Located, NamespaceCx, Rule, Sink, Slot};
use crate::schema::check::What;
use crate::yaml::{Entry, Kind, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds `extra_advertise` that is not a mapping of locations to lists of locations.
    ///
    /// ## Why it matters
    ///
    /// Each location is written with its type, `region:uswest1-prod`, and on the right stands a
    /// list of them. A bare text there is taken letter by letter, a location without its type
    /// cannot be split: the program that configures Nerve fails on every host that runs the
    /// service, and nothing on that host registers any more.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   extra_advertise:
    ///     region:uswest1-prod: region:sfo1-prod
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   extra_advertise:
    ///     region:uswest1-prod: ["region:sfo1-prod"]
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Putting a single location into a list is safe: nothing else can have been meant.
    ///
    /// ## Source
    ///
    /// The example of smartstack.yaml in the documentation; nerve-tools `configure_nerve`.
    "extra-advertise-shape" in Smartstack,
    level: Error,
    also: &[Level::Warning],
    fix: crate::rules::Fixable::Sometimes,
    blocks: Blocks::Smartstack,
    speaks_for: Some(|error| {
        error.is_below(&["extra_advertise"])
            && matches!(error.problem.what, What::Type(_) | What::Name(_) | What::Form(_))
    }),
    check: Check::NamespaceEntry(Slot::known("extra_advertise"), check),
};

const WHY: &str = "Nerve's configuration fails on every host that runs the service";

fn check(cx: &NamespaceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    if located.value.kind() != Kind::Map {
        // Python goes through a text or list as through a mapping: nothing is in it, nothing fails.
        let is_empty = match located.value.kind() {
            Kind::Str => located.value.text().is_empty(),
            Kind::Seq => located.value.is_empty(),
            _ => false,
        };
        let must = if is_empty { "should" } else { "must" };
        let finding = cx
            .at_value(
                located,
                format!("`extra_advertise` {must} be a mapping of locations to lists of locations"),
            )
            .label("this is not a mapping")
            .help("write a location, a colon and a list: `region:uswest1-prod: [\"region:sfo1-prod\"]`")
            .covers(located.value.span());
        sink.report(if is_empty {
            finding.why("it counts as absent").severity(Severity::Warning)
        } else {
            finding.why(WHY)
        });
        return;
    }
    for entry in located.value.entries() {
        // A key of another type has its own finding.
        if let Some(key) = entry.key.as_str() {
            location(cx, entry.key, key, sink);
        }
        match entry.value.kind() {
            Kind::Seq => {
                for item in entry.value.items() {
                    match item.as_str() {
                        Some(text) => location(cx, item, text, sink),
                        None => no_text(cx, item, sink),
                    }
                }
            }
            _ => no_list(cx, &Located::new(located.document, entry), entry, sink),
        }
    }
}

fn location(cx: &NamespaceCx<'_>, value: Value<'_>, text: &str, sink: &mut Sink<'_>) {
    if typed(text).is_some() {
        return;
    }
    sink.report(
        cx.at(value.span(), format!("`{}` is no location with its type", shown(text)))
            .label("`type:location` is wanted")
            .why(WHY)
            .help("write the type, one colon and the location, as in `region:uswest1-prod`"),
    );
}

fn no_text(cx: &NamespaceCx<'_>, item: Value<'_>, sink: &mut Sink<'_>) {
    // `- region: uswest1-prod`: the blank makes it a mapping.
    let meant = (item.kind() == Kind::Map && item.len() == 1).then(|| item.entries().next()).flatten();
    let meant = meant.and_then(|entry| Some(format!("{}:{}", entry.key.as_str()?, entry.value.as_str()?)));
    let mut finding = cx.at(item.span(), "each location of `extra_advertise` must be a text").why(WHY);
    finding = match meant {
        Some(meant) => {
            let finding = finding
                .label("the blank after the colon makes it a mapping")
                .help(format!("write it without the blank: `{}`", shown(&meant)));
            match edits::quoted(&meant).filter(|_| typed(&meant).is_some() && !item.is_alias()) {
                Some(text) => {
                    let edit = crate::diagnostic::Edit { span: item.span(), text };
                    finding.safe_fix("join type and location", vec![edit])
                }
                None => finding,
            }
        }
        None => finding.label("this is no text").help("write the type, one colon and the location"),
    };
    sink.report(finding.covers(item.span()));
}

fn no_list(cx: &NamespaceCx<'_>, located: &Located<'_>, entry: Entry<'_>, sink: &mut Sink<'_>) {
    let place = entry.value;
    let mut finding = cx
        .at_value(located, "the locations in `extra_advertise` must be a list")
        .label("a list is wanted")
        .why("a text is taken letter by letter, and Nerve's configuration fails on every host that runs the service")
        .help("put the locations into a list, even a single one");
    if place.as_str().is_some_and(|text| typed(text).is_some())
        && let Some(edits) = edits::wrap(place)
    {
        finding = finding.safe_fix("make it a list", edits);
    }
    sink.report(finding.covers(place.span()));
}
