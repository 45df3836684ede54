//! The share of a bounce.

use crate::diagnostic::Edit;
use crate::model::kind::FileKind;
use crate::rules::support::words::shown;
use crate::rules::{Check, Fixable, InstanceCx, Located, On, Rule, Sink, Slot};
use crate::schema::check::What;
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds a `bounce_margin_factor` that is not more than 0 and at most 1.
    ///
    /// ## Why it matters
    ///
    /// The factor is the share of the instances that a crossover bounce keeps: 1 keeps all of
    /// them, 0.9 lets one in ten be missing. With 0 or less, or more than 1, PaaSTA refuses to
    /// bounce, and no new version is deployed.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   bounce_margin_factor: 90
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   bounce_margin_factor: 0.9
    /// ```
    ///
    /// ## Fix safety
    ///
    /// A number that looks like a percentage can be divided by 100; that is unsafe, because it
    /// may have been meant in another way.
    ///
    /// ## Source
    ///
    /// The documentation of `bounce_margin_factor`: "0 < bounce_margin_factor <= 1".
    "bounce-margin-range" in Bounce,
    level: Error,
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Marathon]),
    speaks_for: Some(|error| {
        error.is_below(&["bounce_margin_factor"]) && matches!(error.problem.what, What::Range(_))
    }),
    check: Check::Entry(Slot::known("bounce_margin_factor"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(factor) =
        located.value.as_number().filter(|factor| factor.is_finite() && !(*factor > 0.0 && *factor <= 1.0))
    else {
        return;
    };
    let value = shown(located.value.raw());
    let why = "PaaSTA refuses to bounce the instance, so no new version is deployed";
    let finding = cx
        .at_value(located, format!("`bounce_margin_factor` must be more than 0 and at most 1, not {value}"));
    let mut finding = if factor > 1.0 {
        finding
            .label("more than all of the instances")
            .why(why)
            .help("write the share of instances to keep: 0.9 keeps 90 percent")
    } else {
        finding
            .label("keeps no instance at all")
            .why(why)
            .help("write the share of instances to keep; 1, the default, keeps all of them")
    };
    // 90 is 0.9; 1.5 is anybody's guess.
    let percent = located
        .value
        .as_i64()
        .filter(|percent| (2..100).contains(percent) && located.value.kind() == Kind::Int);
    if let Some(percent) = percent {
        let share = format!("0.{percent:02}");
        let share = share.trim_end_matches('0').to_owned();
        finding = finding.help(format!("write a share: {percent} percent is {share}"));
        if !located.value.is_alias() {
            let title = format!("write {share}");
            finding = finding.unsafe_fix(title, vec![Edit { span: located.value.span(), text: share }]);
        }
    }
    sink.report(finding);
}
