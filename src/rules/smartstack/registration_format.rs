//! The form of registrations.

use crate::rules::support::registered::{self, Known, split};
use crate::rules::support::words::shown;
use crate::rules::support::edits;
use crate::rules::{Check, InstanceCx, Rule, Sink};
use crate::model::kind::FileKind;
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds entries of `registrations` that are not written `service.namespace`.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA splits each entry at its dot. With one or three parts it cannot, and the instance
    /// is not deployed if the entry is its first; of four parts it silently takes two. The
    /// instance then gets no traffic.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// canary:
    ///   instances: 1
    ///   registrations: [main]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// canary:
    ///   instances: 1
    ///   registrations: [example.main]
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Putting the own service in front of a namespace that it has is offered as an unsafe fix:
    /// another service may have been meant.
    ///
    /// ## Source
    ///
    /// The documentation of `registrations`; paasta-tools 0.66.6 `utils:decompose_job_id`.
    "registration-format" in Smartstack,
    documented: Error, paasta_0_66: Error,
    fix: crate::rules::Fixable::Sometimes,
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    if cx.instance.kind != FileKind::Marathon {
        return;
    }
    let Some(located) = cx.get("registrations").filter(|located| located.value.kind() == Kind::Seq) else { return };
    for item in located.value.items() {
        let Some(text) = item.as_str().filter(|text| split(text).is_none()) else { continue };
        let own = format!("{}.{text}", cx.service.name);
        let is_own = matches!(registered::namespace(cx.env, cx.service, text), Known::Present(_));
        let why = match text.split('.').count() {
            4 => "only the first two parts count, the rest is dropped without a word",
            _ => "PaaSTA cannot split it, so the instance is not deployed or gets no traffic",
        };
        let mut finding = cx
            .at_part(&located, item, format!("`{}` is not of the form `service.namespace`", shown(text)))
            .label("a service, one dot and a namespace are wanted")
            .why(why);
        if is_own {
            finding = finding.help(format!("write `{}` if this service's own namespace is meant", shown(&own)));
            if let Some(edits) = edits::replace(item, &own) {
                finding = finding.unsafe_fix(format!("write `{}`", shown(&own)), edits);
            }
        } else {
            finding = finding.help("write the service, one dot and the namespace");
        }
        sink.report(finding);
    }
}
