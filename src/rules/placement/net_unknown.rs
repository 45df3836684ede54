//! Network modes.

use crate::diagnostic::Severity;
use crate::model::kind::FileKind;
use crate::rules::support::edits;
use crate::rules::support::words::shown;
use crate::rules::{Check, Fixable, InstanceCx, Level, Located, On, Rule, Sink, Slot};
use crate::suggest;

pub(crate) static RULE: Rule = rule! {
    /// Finds values of `net` that the framework does not know.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA translates `bridge`, `host` and `none`, and hands on everything else as it is.
    /// Chronos knows only bridge and host networks and refuses the job; Marathon of that time
    /// refuses other names, too, unless the site has set up networks of its own. Names of another
    /// case are not translated.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   net: Host
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   net: host
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Writing a known name in lower case is safe.
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `utils:InstanceConfig.get_net` and its uses; Marathon's schema of apps.
    "net-unknown" in Placement,
    level: Error,
    also: &[Level::Warning],
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Entry(Slot::known("net"), check),
};

const KNOWN: &[&str] = &["bridge", "host", "none"];

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let is_chronos = cx.instance.kind == FileKind::Chronos;
    let Some(net) = located.value.as_str() else { return };
    let lower = net.to_ascii_lowercase();
    let is_known = KNOWN.contains(&lower.as_str()) && !(is_chronos && lower == "none");
    // In capitals they are what PaaSTA sends anyway.
    if is_known && (net == lower || net == net.to_ascii_uppercase()) {
        return;
    }
    let framework = if is_chronos { "Chronos" } else { "Marathon" };
    let mut finding = cx.at_value(located, format!("`{}` is no network of {framework}", shown(net)));
    finding = if is_known {
        let finding = finding
            .label("written in lower case it is one")
            .why(format!("{framework} refuses the instance, so it is not deployed"))
            .help(format!("write `{lower}`"));
        match edits::replace(located.value, &lower) {
            Some(edits) => finding.safe_fix(format!("write `{lower}`"), edits),
            None => finding,
        }
    } else if is_chronos {
        finding
            .label("`bridge` or `host` is wanted")
            .why("Chronos refuses the job")
            .help("use `bridge` or `host`")
    } else {
        let help = match suggest::nearest(net, KNOWN.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "use `bridge`, `host` or `none`".to_owned(),
        };
        finding
            .label("not `bridge`, `host` or `none`")
            .why("a Marathon that does not know this network refuses the instance, and it is not deployed")
            .help(help)
            .severity(Severity::Warning)
    };
    sink.report(finding);
}
