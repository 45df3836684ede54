//! `nerve_ns`.

use crate::diagnostic::Edit;
use crate::model::kind::FileKind;
use crate::model::types::is_word_with_dashes;
use crate::rules::{Check, Fixable, InstanceCx, On, Rule, Sink};
use crate::yaml::{Kind, edit};

pub(crate) static RULE: Rule = rule! {
    /// Finds `nerve_ns`, the old way to register an instance in another namespace.
    ///
    /// ## Why it matters
    ///
    /// `registrations` has replaced it: a list of `service.namespace`. Beside `registrations`,
    /// `nerve_ns` is ignored, and later versions of PaaSTA refuse it.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// canary:
    ///   instances: 1
    ///   nerve_ns: main
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
    /// Safe: the registration stays the same, and so does what runs.
    ///
    /// ## Source
    ///
    /// The configuration reference, which calls it deprecated; paasta-tools 0.66.6
    /// `long_running_service_tools:get_registrations`.
    "deprecated-nerve-ns" in Compat,
    level: Warning,
    fix: Fixable::Sometimes,
    on: On::keys(&["nerve_ns"]).within(&[FileKind::Marathon]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let Some(old) = cx.own("nerve_ns") else { return };
    let body = cx.instance.entry.value;
    let Some(entry) = body.entry("nerve_ns").filter(|entry| entry.merged_from().is_none()) else { return };
    // An empty list of registrations does not hide `nerve_ns`.
    let hidden = cx.set("registrations").filter(|new| new.value.kind() != Kind::Seq || !new.value.is_empty());
    if let Some(new) = hidden {
        let finding = cx
            .at_key(&old, "`nerve_ns` means nothing beside `registrations`")
            .label("ignored")
            .related(new.key_place(), "these count")
            .why("PaaSTA reads `nerve_ns` only where there are no `registrations`")
            .help("delete it");
        sink.report(finding.safe_fix("delete it", edit::remove_entry(body, entry)));
        return;
    }
    let finding = cx
        .at_key(&old, "`nerve_ns` is deprecated")
        .label("use `registrations`")
        .why("later versions of PaaSTA refuse it");
    let service = &cx.service.name;
    let namespace = old.value.as_str().filter(|name| is_word_with_dashes(name));
    let Some(namespace) = namespace.filter(|_| !service.contains('.')) else {
        sink.report(
            finding.help("name the namespace with its service: `registrations: [service.namespace]`"),
        );
        return;
    };
    let new = format!("[{service}.{namespace}]");
    let finding = finding.help(format!("write `registrations: {}`", crate::rules::written::excerpt(&new)));
    let simple = !old.value.is_alias() && !old.key.is_alias() && is_word_with_dashes(service);
    sink.report(if simple && cx.get("registrations").is_none() {
        let edits = vec![
            Edit { span: old.key.span(), text: "registrations".to_owned() },
            Edit { span: old.value.span(), text: new },
        ];
        finding.safe_fix("use `registrations`", edits)
    } else {
        finding
    });
}
