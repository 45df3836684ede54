//! Numbers in constraints.

use crate::diagnostic::Severity;
use crate::model::kind::FileKind;
use crate::rules::support::constraints::{Sent, lists};
use crate::rules::support::edits;
use crate::rules::support::words::shown;
use crate::rules::{Check, Fixable, InstanceCx, Level, On, Rule, Sink};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds numbers in `constraints` that should be strings.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA sends `constraints` as they are written, and Marathon wants strings: with a bare
    /// number it refuses the app, and the instance is not deployed. Of `extra_constraints` PaaSTA
    /// makes strings itself.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   constraints: [["habitat", "GROUP_BY", 3]]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   constraints: [["habitat", "GROUP_BY", "3"]]
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Quotes around the number are safe.
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `marathon_tools:MarathonServiceConfig.get_calculated_constraints`;
    /// Marathon's schema of apps.
    "constraint-not-string" in Placement,
    level: Warning (Paasta066: Error),
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    on: On::keys(&["constraints"]).within(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    for list in lists(cx).filter(|list| list.is_explicit) {
        for constraint in list.constraints() {
            let is_other = |kind| matches!(kind, Kind::Int | Kind::Float | Kind::Bool);
            let Some(value) = constraint.value.filter(|value| is_other(value.kind())) else { continue };
            // What the client leaves out does no harm; what UNIQUE does not take is another finding.
            let Sent::Text(text) = list.sent(value) else { continue };
            if constraint.operator == Some("UNIQUE") {
                continue;
            }
            let what = if value.kind() == Kind::Bool { "a boolean" } else { "a number" };
            let mut finding = cx
                .at_part(
                    &list.located,
                    value,
                    format!("`{}` is {what}, a string is wanted", shown(value.raw())),
                )
                .label("sent as it is")
                .why("Marathon refuses constraints with anything but strings")
                .help("put it between quotes");
            if cx.instance.kind == FileKind::Chronos {
                finding = finding.why("constraints consist of strings").severity(Severity::Warning);
            }
            let text = if value.kind() == Kind::Int { text.into_owned() } else { value.raw().to_owned() };
            if let Some(edits) = edits::replace(value, &text) {
                finding = finding.safe_fix("put it between quotes", edits);
            }
            sink.report(finding);
        }
    }
}
