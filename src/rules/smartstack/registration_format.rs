//! The form of registrations.

use crate::rules::support::registered::{Known, Namespaces, split};
use crate::rules::support::words::shown;
use crate::rules::support::edits;
use crate::rules::{Check, InstanceCx, Located, Rule, ServiceCx, Sink};
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
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let mut namespaces: Option<Namespaces<'_>> = None;
    let is_marathon = |instance: &InstanceCx<'_>| {
        instance.instance.kind == FileKind::Marathon && instance.instance.entry.value.kind() == Kind::Map
    };
    for instance in cx.instances().filter(is_marathon) {
        let Some(located) = registrations(&instance) else { continue };
        let namespaces = namespaces.get_or_insert_with(|| Namespaces::of(cx.env, cx.service));
        judge(&instance, &located, namespaces, sink);
    }
}

/// The list of registrations that counts, if it is one.
fn registrations<'a>(cx: &InstanceCx<'a>) -> Option<Located<'a>> {
    cx.get("registrations").filter(|located| located.value.kind() == Kind::Seq)
}

fn judge(cx: &InstanceCx<'_>, located: &Located<'_>, namespaces: &Namespaces<'_>, sink: &mut Sink<'_>) {
    for item in located.value.items() {
        let Some(text) = item.as_str().filter(|text| split(text).is_none()) else { continue };
        let own = format!("{}.{text}", cx.service.name);
        let is_own = matches!(namespaces.get(text), Known::Present(_));
        let why = match text.split('.').count() {
            4 => "only the first two parts count, the rest is dropped without a word",
            _ => "PaaSTA cannot split it, so the instance is not deployed or gets no traffic",
        };
        let mut finding = cx
            .at_part(located, item, format!("`{}` is not of the form `service.namespace`", shown(text)))
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
