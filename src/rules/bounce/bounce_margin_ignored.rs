//! A share that the bounce does not look at.

use crate::model::kind::FileKind;
use crate::model::marathon::BounceMethod;
use crate::rules::{Check, InstanceCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds a `bounce_margin_factor` in an instance that does not bounce by crossover.
    ///
    /// ## Why it matters
    ///
    /// Only the crossover method looks at the factor. With any other one the key does nothing,
    /// and a bounce that should go on in spite of some unhealthy tasks waits for all of them.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   bounce_method: upthendown
    ///   bounce_margin_factor: 0.9
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   bounce_method: crossover
    ///   bounce_margin_factor: 0.9
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `bounce_margin_factor`: "it doesn't affect any other bounce method
    /// but crossover".
    "bounce-margin-ignored" in Bounce,
    // Harmless: the factor is left over from another method, or kept for it.
    level: Info,
    on: On::keys(&["bounce_margin_factor"]).within(&[FileKind::Marathon]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    // A default of service.yaml may be meant for other instances.
    let Some(factor) = cx.own("bounce_margin_factor") else { return };
    if !factor.value.as_number().is_some_and(|factor| factor > 0.0 && factor < 1.0) {
        return;
    }
    let Some(located) = cx.set("bounce_method") else { return };
    let others = [BounceMethod::UpThenDown, BounceMethod::DownThenUp, BounceMethod::Brutal];
    let Some(method) = others.map(BounceMethod::text).into_iter().find(|m| located.value.as_str() == Some(m))
    else {
        return;
    };
    sink.report(
        cx.at_key(&factor, format!("`bounce_margin_factor` does nothing with bounce method `{method}`"))
            .label("only crossover looks at it")
            .related(located.value_place(), "the method is set here")
            .why("the bounce waits for every task, or for none, whatever the factor says")
            .help("remove it, or use `bounce_method: crossover`"),
    );
}
