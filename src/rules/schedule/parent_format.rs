//! Parents that are no job names.

use crate::model::kind::FileKind;
use crate::rules::inside::{Inside, replace};
use crate::rules::{Check, Fixable, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schema::check::What;
use crate::yaml::{Kind, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds entries of `parents` that are not `service.job`.
    ///
    /// ## Why it matters
    ///
    /// Parents are named with their service, even those in the same file. PaaSTA refuses a job with
    /// any other form of name.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// load:
    ///   parents: [extract]
    ///   cmd: run
    /// extract:
    ///   schedule: 0 3 * * *
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// load:
    ///   parents: [example.extract]
    ///   cmd: run
    /// extract:
    ///   schedule: 0 3 * * *
    ///   cmd: run
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe, since it is offered only for a job of the same file.
    ///
    /// ## Source
    ///
    /// The documentation of `parents`; paasta-tools 0.66.6 `chronos_tools:check_parents` and the
    /// chronos schema.
    "parent-format" in Schedule,
    level: Error,
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Chronos]),
    speaks_for: Some(|error| error.is_below(&["parents"]) && matches!(error.problem.what, What::Form(_))),
    check: Check::Entry(Slot::known("parents"), check),
};

fn check(cx: &InstanceCx<'_>, parents: &Located<'_>, sink: &mut Sink<'_>) {
    if parents.value.is_null() {
        return;
    }
    if parents.value.kind() == Kind::Seq {
        for item in parents.value.items() {
            one(cx, parents, item, sink);
        }
    } else {
        one(cx, parents, parents.value, sink);
    }
}

fn one(cx: &InstanceCx<'_>, parents: &Located<'_>, value: Value<'_>, sink: &mut Sink<'_>) {
    let Some(name) = value.as_str().filter(|name| !jobs::is_job_name(name)) else { return };
    let range = 0..name.len();
    let inside = Inside::of(value, &range);
    let span = if inside.span.is_empty() { value.span() } else { inside.span };
    let finding = cx
        .at_span(parents, span, format!("the parent `{}` is not `service.job`", jobs::shown(name)))
        .label(if name.contains('.') {
            "one dot, and letters, digits, `_` and `-` beside it"
        } else {
            "the service is missing"
        })
        .why("PaaSTA refuses the job");
    // Looking up a name takes time in the number of names: nobody has so many jobs in a file.
    let own =
        cx.document.tree().is_some_and(|tree| tree.root().len() < 1000 && tree.root().entry(name).is_some());
    let whole = format!("{}.{name}", cx.service.name);
    sink.report(if own && jobs::is_job_name(&whole) {
        let finding = finding.help(format!("write `{whole}`"));
        match replace(inside, whole) {
            Some(edits) => finding.safe_fix("name the service", edits),
            None => finding,
        }
    } else {
        finding.help("write the name of the service, a dot, and the name of the job")
    });
}
