//! Bounce methods.

use crate::model::kind::FileKind;
use crate::model::marathon::BounceMethod;
use crate::rules::support::edits;
use crate::rules::support::words::{list, shown};
use crate::rules::{Check, Fixable, InstanceCx, Located, On, Rule, Sink, Slot};
use crate::schema::check::What;
use crate::suggest;

pub(crate) static RULE: Rule = rule! {
    /// Finds a `bounce_method` that PaaSTA does not know.
    ///
    /// ## Why it matters
    ///
    /// `paasta validate` accepts any text for a Marathon instance. The bounce then fails with
    /// "not recognized" each time, and no new version is ever deployed. Chronos jobs know one
    /// method only, `graceful`.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   bounce_method: cross-over
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   bounce_method: crossover
    /// ```
    ///
    /// ## Fix safety
    ///
    /// The nearest method is offered as an unsafe fix.
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `bounce_lib`; the documentation of `bounce_method` for Chronos jobs.
    "bounce-method-enum" in Bounce,
    level: Error,
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Marathon, FileKind::Chronos]),
    speaks_for: Some(|error| error.is_below(&["bounce_method"]) && matches!(error.problem.what, What::Word(_))),
    check: Check::Entry(Slot::known("bounce_method"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    match cx.instance.kind {
        FileKind::Marathon => marathon(cx, located, sink),
        _ => chronos(cx, sink),
    }
}

fn marathon(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let words = || BounceMethod::LIST.words.iter().map(|word| word.text);
    let Some(method) = located.value.as_str().filter(|method| !words().any(|word| word == *method)) else {
        return;
    };
    let finding = cx.at_value(located, format!("`{}` is no bounce method", shown(method)));
    if method == "down" {
        // Registered in bounce_lib, for draining a whole instance.
        sink.report(
            finding
                .label("stops the instance for good")
                .why("every task is stopped, and none is started")
                .help("to stop an instance, use `instances: 0` or `paasta stop`"),
        );
        return;
    }
    let mut finding =
        finding.label("not recognized").why("each bounce fails, so no new version is ever deployed");
    finding = match suggest::nearest(method, words()) {
        Some(meant) => {
            let finding = finding.help(format!("did you mean `{meant}`?"));
            match edits::replace(located.value, meant) {
                Some(edits) => finding.unsafe_fix(format!("write `{meant}`"), edits),
                None => finding,
            }
        }
        None => finding
            .help(format!("use {}", list(BounceMethod::LIST.words.iter().map(|word| word.text), 10, " or "))),
    };
    sink.report(finding);
}

/// Only the schema looks at the method of a job, and only at its own.
fn chronos(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let Some(located) = cx.own("bounce_method") else { return };
    let Some(method) = located.value.as_str().filter(|method| *method != "graceful") else { return };
    sink.report(
        cx.at_value(&located, format!("`{}` is no bounce method of Chronos jobs", shown(method)))
            .label("only `graceful` is possible")
            .why("`paasta validate` refuses the job")
            .help("remove the key; `graceful` is the default"),
    );
}
