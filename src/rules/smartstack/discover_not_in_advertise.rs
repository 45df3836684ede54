//! Where clients look, and where tasks register.

use crate::rules::support::edits;
use crate::rules::support::words::{list, shown};
use crate::rules::{Blocks, Check, Located, NamespaceCx, On, Rule, Sink};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds namespaces whose clients look in a location type in which no task registers.
    ///
    /// ## Why it matters
    ///
    /// `advertise` says in which location types tasks register, `discover` in which one clients
    /// look. If `discover` is not among them, clients find nobody; worse, the program that
    /// configures Synapse then writes an empty configuration for the whole host, so that all
    /// services are gone.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   advertise: [region]
    ///   discover: superregion
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   advertise: [region, superregion]
    ///   discover: superregion
    /// ```
    ///
    /// ## Fix safety
    ///
    /// The fix adds the type to `advertise`. It is unsafe: `discover` may be what is wrong, and
    /// clients should not look in a new type before tasks have registered there.
    ///
    /// ## Source
    ///
    /// The documentation of moving a service to a different location type; synapse-tools
    /// `configure_synapse`.
    "discover-not-in-advertise" in Smartstack,
    level: Error,
    fix: crate::rules::Fixable::Sometimes,
    blocks: Blocks::Smartstack,
    on: On::keys(&["discover", "advertise"]),
    check: Check::Namespace(check),
};

/// Both keys say this when they are absent.
const DEFAULT: &str = "region";

fn check(cx: &NamespaceCx<'_>, sink: &mut Sink<'_>) {
    let (discover, advertise) = (cx.get("discover"), cx.get("advertise"));
    match (discover, advertise) {
        (None, None) => {}
        (Some(discover), None) => {
            let Some(wanted) = discover.value.as_str().filter(|text| *text != DEFAULT) else { return };
            let message = format!("clients look for a `{}`, tasks register by `{DEFAULT}`", shown(wanted));
            let help = format!("set `advertise: [{DEFAULT}, {}]`, or discover by `{DEFAULT}`", shown(wanted));
            sink.report(
                cx.at_value(&discover, message)
                    .label(format!("`advertise` is `[{DEFAULT}]` by default"))
                    .why(WHY)
                    .help(help)
                    .absent(&["advertise"]),
            );
        }
        (discover, Some(advertise)) => against(cx, discover, &advertise, sink),
    }
}

const WHY: &str =
    "clients find nobody, and Synapse gets an empty configuration on every host, for all services";

fn against(
    cx: &NamespaceCx<'_>,
    discover: Option<Located<'_>>,
    advertise: &Located<'_>,
    sink: &mut Sink<'_>,
) {
    let wanted = match &discover {
        Some(located) => located.value.as_str(),
        None => Some(DEFAULT),
    };
    let Some(wanted) = wanted.filter(|_| advertise.value.kind() == Kind::Seq) else { return };
    let mut types = Vec::with_capacity(advertise.value.len());
    for item in advertise.value.items() {
        match item.as_str() {
            Some(text) if text != wanted => types.push(text),
            // Present, or not readable: the schema says so.
            _ => return,
        }
    }
    // An empty list is a finding of its own.
    if types.is_empty() {
        return;
    }
    let registered = list(types.iter().copied(), 5, " and ");
    let mut finding = match &discover {
        Some(located) => {
            let message =
                format!("clients look by `{}`, but tasks register by {registered} only", shown(wanted));
            cx.at_value(located, message)
                .label("not in `advertise`")
                .related(advertise.value_place(), "tasks register by these")
        }
        None => cx
            .at_value(
                advertise,
                format!("clients look by `{DEFAULT}`, but tasks register by {registered} only"),
            )
            .label(format!("`discover` is `{DEFAULT}` by default"))
            .absent(&["discover"]),
    };
    finding = finding.why(WHY).help(format!(
        "add `{}` to `advertise` and wait until tasks have registered, or discover by {}",
        shown(wanted),
        list(types.iter().copied(), 5, " or "),
    ));
    if let Some(edits) = edits::append(advertise.value, wanted) {
        finding = finding.unsafe_fix(format!("add `{}` to `advertise`", shown(wanted)), edits);
    }
    sink.report(finding);
}
