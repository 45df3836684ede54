//! What explicit constraints switch off.

use crate::model::kind::FileKind;
use crate::rules::support::words::list;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot};
use crate::yaml::{Kind, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds placement keys that an explicit `constraints` makes useless.
    ///
    /// ## Why it matters
    ///
    /// `constraints` replaces everything that PaaSTA would make: the pool, the blacklist and the
    /// whitelist, the spreading over locations, and `extra_constraints`. A `pool` or
    /// `deploy_blacklist` beside it looks as if it decided where tasks run, and does not.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   constraints: [["habitat", "GROUP_BY"]]
    ///   pool: highmem
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_constraints: [["habitat", "GROUP_BY"]]
    ///   pool: highmem
    /// ```
    ///
    /// A key whose field stands in `constraints`, too, is not reported.
    ///
    /// ## Source
    ///
    /// The documentation of `constraints` and `extra_constraints`; paasta-tools 0.66.6
    /// `marathon_tools:MarathonServiceConfig.get_calculated_constraints`.
    "constraints-override" in Placement,
    level: Warning,
    on: On::kinds(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Entry(Slot::known("constraints"), check),
};

const KEYS: &[&str] = &["extra_constraints", "pool", "deploy_blacklist", "deploy_whitelist"];

fn check(cx: &InstanceCx<'_>, constraints: &Located<'_>, sink: &mut Sink<'_>) {
    if constraints.value.kind() != Kind::Seq {
        return;
    }
    let is_own = cx.own("constraints").is_some();
    let mut useless: Vec<Located<'_>> = Vec::new();
    for key in KEYS {
        // A default that the instance overrides on purpose is no mistake.
        let found = if is_own { cx.own(key) } else { cx.get(key) };
        useless.extend(
            found.filter(|found| is_given(found.value) && !is_covered(constraints.value, key, found.value)),
        );
    }
    let Some((first, others)) = useless.split_first() else { return };
    let names = list(useless.iter().map(|key| key.key.text()), KEYS.len(), " and ");
    let verb = if others.is_empty() { "does" } else { "do" };
    let mut finding = cx
        .at_key(first, format!("{names} {verb} not place tasks, because `constraints` is set"))
        .label("replaced by `constraints`")
        .related(constraints.key_place(), "this is all that counts")
        .why("tasks can run on hosts that this seems to rule out")
        .help("use `extra_constraints` instead of `constraints`, or put everything into `constraints`");
    for other in others {
        finding = finding.related(other.key_place(), "this does not count, either");
    }
    sink.report(finding);
}

fn is_given(value: Value<'_>) -> bool {
    match value.kind() {
        Kind::Seq => !value.is_empty(),
        Kind::Str => true,
        _ => false,
    }
}

/// Whether `constraints` says something of the same field as `key` would.
fn is_covered(constraints: Value<'_>, key: &str, value: Value<'_>) -> bool {
    let fields = || constraints.items().filter_map(|item| item.items().next()?.as_str());
    let is_named = |field: Option<&str>| field.is_some_and(|field| fields().any(|other| other == field));
    match key {
        "pool" => is_named(Some("pool")),
        "deploy_blacklist" => value.items().all(|pair| is_named(pair.items().next().and_then(Value::as_str))),
        "deploy_whitelist" => is_named(value.items().next().and_then(Value::as_str)),
        _ => false,
    }
}
