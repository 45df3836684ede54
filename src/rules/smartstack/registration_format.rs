//! The form of registrations.

use crate::model::kind::FileKind;
use crate::rules::support::edits;
use crate::rules::support::registered::{Known, Namespaces, split};
use crate::rules::support::words::shown;
use crate::rules::{Check, InstanceCx, Located, On, Rule, ServiceCx, Sink};
use crate::yaml::{Kind, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds entries of `registrations` that are not written `service.namespace`.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA splits each entry at its dot. With one or three parts it cannot, and the instance
    /// is not deployed if the entry is its first; of four parts it silently takes two. The
    /// instance then gets no traffic. Without registrations, `nerve_ns` or the name of the instance
    /// stands behind the service and a dot, so there must be no dot in either.
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
    level: Error,
    fix: crate::rules::Fixable::Sometimes,
    supersedes: &["instance-name-style"],
    on: On::kinds(&[FileKind::Marathon, FileKind::Adhoc]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let mut namespaces: Option<Namespaces<'_>> = None;
    let is_marathon = |instance: &InstanceCx<'_>| {
        instance.instance.kind == FileKind::Marathon && instance.instance.entry.value.kind() == Kind::Map
    };
    for instance in cx.instances() {
        single(&instance, sink);
    }
    for instance in cx.instances().filter(is_marathon) {
        let Some(located) = registrations(&instance) else { continue };
        let namespaces = namespaces.get_or_insert_with(|| Namespaces::of(cx.env, cx.service));
        judge(&instance, &located, namespaces, sink);
    }
}

/// The list of registrations that counts, if it is one.
/// Where there are no registrations, the service and one other name make the only one: of an adhoc
/// instance, too, which gets keys of a long-running one from service.yaml.
fn single(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let why = match cx.instance.kind {
        FileKind::Marathon => {
            "PaaSTA cannot split it from the service: the instance is not deployed, and hosts that run it lose all their registrations"
        }
        FileKind::Adhoc => "PaaSTA cannot split it from the service, and the instance does not start",
        _ => return,
    };
    let is_nothing = |value: Value<'_>| match value.kind() {
        Kind::Str => value.text().is_empty(),
        Kind::Seq | Kind::Map => value.is_empty(),
        _ => false,
    };
    let has_body = cx.instance.entry.value.kind() == Kind::Map;
    let is_replaced = || cx.get("registrations").is_some_and(|list| !is_nothing(list.value));
    if !has_body {
        return;
    }
    if let Some(name) = cx.get("nerve_ns") {
        if name.value.as_str().is_some_and(|name| name.contains('.')) && !is_replaced() {
            let finding = cx.at_value(&name, "`nerve_ns` must be the name of a namespace, without a dot");
            let help = "write `registrations` with `service.namespace` instead";
            sink.report(finding.label("there is a dot in it").why(why).help(help));
        }
    } else if cx.instance.kind == FileKind::Adhoc && cx.instance.name.contains('.') && !is_replaced() {
        // Of a Marathon instance the schema allows no such name.
        let finding = cx.at_name("an adhoc instance cannot have a dot in its name");
        sink.report(finding.label("there is a dot in it").why(why).help("write `-` or `_` instead"));
    }
}

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
            finding =
                finding.help(format!("write `{}` if this service's own namespace is meant", shown(&own)));
            if let Some(edits) = edits::replace(item, &own) {
                finding = finding.unsafe_fix(format!("write `{}`", shown(&own)), edits);
            }
        } else {
            finding = finding.help("write the service, one dot and the namespace");
        }
        sink.report(finding);
    }
}
