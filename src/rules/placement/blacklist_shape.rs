//! The form of blacklists.

use crate::diagnostic::Severity;
use crate::model::kind::FileKind;
use crate::rules::support::edits;
use crate::rules::{Check, Fixable, InstanceCx, Level, Located, On, Rule, Sink};
use crate::schema::check::What;
use crate::yaml::{Kind, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds `deploy_blacklist` and `monitoring_blacklist` that are not lists of pairs of location
    /// type and location.
    ///
    /// ## Why it matters
    ///
    /// A blacklist is a list of pairs, even with a single location. Without the outer brackets
    /// the two words are taken for two pairs, letter by letter: PaaSTA then finds no host for the
    /// instance, or rules out nothing. A list of locations in a pair never matches anything.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   deploy_blacklist: ["region", "uswest1-prod"]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   deploy_blacklist: [["region", "uswest1-prod"]]
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Brackets around a single pair are safe: nothing else can have been meant.
    ///
    /// ## Source
    ///
    /// The documentation of `deploy_blacklist`: "a list of lists"; paasta-tools 0.66.6
    /// `mesos_tools:slave_passes_blacklist`.
    "blacklist-shape" in Placement,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    on: On::keys(&["deploy_blacklist", "monitoring_blacklist"]).within(&[FileKind::Marathon, FileKind::Chronos]),
    speaks_for: Some(|error| {
        let is_shape =
            matches!(error.problem.what, What::Type(_) | What::Word(_) | What::Flat(..) | What::Length(_));
        is_shape && error.is_within(&["deploy_blacklist", "monitoring_blacklist"])
    }),
    check: Check::Instance(check),
};

const FORM: &str = "write pairs of location type and location: `[[\"region\", \"uswest1-prod\"]]`";

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let keys: &[&str] = match cx.instance.kind {
        FileKind::Marathon => &["deploy_blacklist", "monitoring_blacklist"],
        FileKind::Chronos => &["deploy_blacklist"],
        _ => return,
    };
    for key in keys {
        let Some(located) = cx.get(key).filter(|located| located.value.kind() == Kind::Seq) else { continue };
        let is_flat = located.value.items().any(|item| item.kind() == Kind::Str);
        if is_flat {
            flat(cx, &located, key, sink);
            continue;
        }
        for item in located.value.items() {
            pair(cx, &located, item, sink);
        }
    }
}

fn why(key: &str) -> &'static str {
    if key == "deploy_blacklist" {
        "each word is taken for a pair of letters: PaaSTA finds no host at all, or rules out nothing"
    } else {
        "each word is taken for a pair of letters, so the replication check fails"
    }
}

fn flat(cx: &InstanceCx<'_>, located: &Located<'_>, key: &str, sink: &mut Sink<'_>) {
    let value = located.value;
    let mut finding = cx
        .at_value(located, format!("`{key}` must be a list of pairs"))
        .label("the outer brackets are missing")
        .why(why(key))
        .help(FORM)
        .covers(value.span());
    let is_pair = value.len() == 2 && value.items().all(|item| item.kind() == Kind::Str);
    if let Some(edits) = edits::wrap(value).filter(|_| is_pair) {
        finding = finding.safe_fix("add the outer brackets", edits);
    }
    sink.report(finding);
}

fn pair(cx: &InstanceCx<'_>, located: &Located<'_>, item: Value<'_>, sink: &mut Sink<'_>) {
    let is_text = |part: Value<'_>| part.kind() == Kind::Str;
    let is_collection = |part: Value<'_>| matches!(part.kind(), Kind::Seq | Kind::Map | Kind::Set);
    let mut finding = match (item.kind(), item.len()) {
        (Kind::Seq, 2) if item.items().all(is_text) => return,
        (Kind::Seq, 2) if item.items().any(is_collection) => cx
            .at_part(located, item, "each entry names one location, not a list of them")
            .label("never matches a location")
            .why("the entry is ignored, and tasks run in the locations that it names")
            .help("write one pair for each location: `[[\"region\", \"a\"], [\"region\", \"b\"]]`"),
        (Kind::Seq, 2) => cx
            .at_part(located, item, "location type and location must be strings")
            .label("not two strings")
            .why("a host's location is a string, which is never equal to anything else")
            .help("put both between quotes")
            .severity(Severity::Warning),
        (Kind::Seq, count) => cx
            .at_part(
                located,
                item,
                format!("each entry is a pair of location type and location; this one has {count}"),
            )
            .label("no pair"),
        _ => cx
            .at_part(located, item, "each entry must be a pair of location type and location")
            .label("no pair"),
    };
    if finding.why.is_empty() {
        finding = finding
            .why("PaaSTA cannot read the entry, so no host matches and nothing can be deployed")
            .help(FORM);
    }
    sink.report(finding.covers(item.span()));
}
