//! The form of the whitelist.

use crate::diagnostic::{Edit, Severity};
use crate::model::kind::FileKind;
use crate::rules::support::edits;
use crate::rules::{Check, Fixable, InstanceCx, Level, Located, On, Rule, Sink, Slot};
use crate::schema::check::What;
use crate::yaml::{Kind, Style, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds `deploy_whitelist` that is not one location type with a list of locations.
    ///
    /// ## Why it matters
    ///
    /// A whitelist looks different from a blacklist: one type, then a list of locations. The
    /// documentation calls it a list of lists, but shows this form, and only this one works in
    /// paasta-tools 0.66. With any other no host matches, and the instance cannot be deployed.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   deploy_whitelist: ["region", "uswest1-prod"]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   deploy_whitelist: ["region", ["uswest1-prod"]]
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Brackets around a single location, and removing brackets around the one pair, are safe.
    /// Turning several pairs into one is not: tasks will run where they do not now.
    ///
    /// ## Source
    ///
    /// The documentation of `deploy_whitelist`; paasta-tools 0.66.6
    /// `mesos_tools:slave_passes_whitelist`.
    "whitelist-shape" in Placement,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Marathon, FileKind::Chronos]),
    speaks_for: Some(|error| matches!(error.problem.what, What::Whitelist | What::NestedWhitelist)),
    check: Check::Entry(Slot::known("deploy_whitelist"), check),
};

const FORM: &str = "write one location type and a list of locations: `[\"region\", [\"uswest1-prod\"]]`";
const WHY: &str = "no host matches, so nothing can be deployed";

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    if located.value.kind() != Kind::Seq {
        return;
    }
    let list = located.value;
    let (first, second) = (list.items().next(), list.items().nth(1));
    match (first, second) {
        (None, _) => {}
        (Some(kind), Some(places)) if list.len() == 2 && kind.kind() == Kind::Str => {
            type_and(cx, located, places, sink);
        }
        (Some(pair), None) if is_pair(pair) => nested(cx, located, pair, sink),
        (Some(_), _) => other(cx, located, sink),
    }
}

/// Whether a value is a location type with a list of locations.
fn is_pair(value: Value<'_>) -> bool {
    let (kind, places) = (value.items().next(), value.items().nth(1));
    value.kind() == Kind::Seq
        && value.len() == 2
        && kind.is_some_and(|kind| kind.kind() == Kind::Str)
        && places.is_some_and(|places| places.kind() == Kind::Seq)
}

/// `[type, places]`, where the places may be no list.
fn type_and(cx: &InstanceCx<'_>, located: &Located<'_>, places: Value<'_>, sink: &mut Sink<'_>) {
    if places.kind() == Kind::Seq {
        for place in places.items().filter(|place| place.kind() != Kind::Str) {
            sink.report(
                cx.at_part(located, place, "the locations of `deploy_whitelist` must be strings")
                    .label("this is no string")
                    .why("PaaSTA joins them to one text and fails on anything else, so the instance is not deployed")
                    .help("put it between quotes, or write what was meant"),
            );
        }
        return;
    }
    let mut finding = cx
        .at_part(located, places, "the locations of `deploy_whitelist` must be a list")
        .label("a list is wanted")
        .why("the text is taken letter by letter, so no host matches and nothing can be deployed")
        .help(FORM)
        .covers(located.value.span());
    if let Some(edits) = edits::wrap(places) {
        finding = finding.safe_fix("make it a list", edits);
    }
    sink.report(finding);
}

/// `[[type, places]]`: what the documentation's words say.
fn nested(cx: &InstanceCx<'_>, located: &Located<'_>, pair: Value<'_>, sink: &mut Sink<'_>) {
    let mut finding = cx
        .at_value(located, "`deploy_whitelist` has one pair of brackets too many for paasta-tools 0.66")
        .label("a list around the pair")
        .why("paasta-tools 0.66 cannot read it: no host matches, so nothing can be deployed")
        .help(FORM)
        .covers(located.value.span());
    if cx.env.dialect.nested_whitelist {
        finding = finding.severity(Severity::Warning);
    }
    let (outer, inner) = (located.value, pair);
    let is_simple = outer.style() == Style::Flow
        && inner.style() == Style::Flow
        && !outer.is_alias()
        && !inner.is_alias()
        && !outer.raw().contains('#');
    if is_simple {
        let edits = vec![Edit { span: outer.span(), text: inner.raw().to_owned() }];
        finding = finding.safe_fix("remove the outer brackets", edits);
    }
    sink.report(finding);
}

/// Several pairs as in a blacklist, or something else.
fn other(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let list = located.value;
    let mut finding = cx
        .at_value(located, "`deploy_whitelist` must be one location type and a list of locations")
        .label(match list.len() {
            1 => "the locations are missing",
            _ => "not of that form",
        })
        .why(WHY)
        .help(FORM)
        .covers(list.span());
    if let Some((kind, places)) = same_type(list) {
        finding = finding.label("this is the form of a blacklist");
        let quoted: Option<Vec<String>> = places.iter().map(|place| edits::quoted(place)).collect();
        if let (Some(kind), Some(places)) = (edits::quoted(kind), quoted)
            && list.style() == Style::Flow
            && !list.is_alias()
            && !list.raw().contains(['#', '&', '*'])
        {
            let text = format!("[{kind}, [{}]]", places.join(", "));
            finding = finding.unsafe_fix("join the pairs", vec![Edit { span: list.span(), text }]);
        }
    } else if list.items().all(|item| item.kind() == Kind::Seq) {
        finding = finding.label("only one location type can be given");
    }
    sink.report(finding);
}

/// The type and the locations of a list of pairs of one type.
fn same_type(list: Value<'_>) -> Option<(&str, Vec<&str>)> {
    let mut places = Vec::with_capacity(list.len());
    let mut found = None;
    for item in list.items() {
        if item.kind() != Kind::Seq || item.len() != 2 {
            return None;
        }
        let kind = item.items().next()?.as_str()?;
        if *found.get_or_insert(kind) != kind {
            return None;
        }
        places.push(item.items().nth(1)?.as_str()?);
    }
    Some((found?, places))
}
