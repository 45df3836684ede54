//! A soft limit above its hard limit.

use crate::rules::support::ulimits::each_limit;
use crate::rules::written::excerpt;
use crate::rules::{Check, DocumentCx, On, Rule, Sink};
use crate::yaml::Entry;

pub(crate) static RULE: Rule = rule! {
    /// Finds limits whose `soft` is more than their `hard`.
    ///
    /// ## Why it matters
    ///
    /// The hard limit is the ceiling of the soft one, so Docker refuses to start the container. -1
    /// stands for no limit: it is above every number.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   ulimit:
    ///     nofile: {soft: 4096, hard: 1024}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   ulimit:
    ///     nofile: {soft: 1024, hard: 4096}
    /// ```
    ///
    /// ## Source
    ///
    /// Docker's parser of `--ulimit` (go-units 0.3).
    "ulimit-soft-gt-hard" in Resources,
    level: Error,
    on: On::keys(&["ulimit"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    each_limit(cx, |limit| check_limit(cx, limit, sink));
}

fn check_limit<'a>(cx: &DocumentCx<'a>, limit: Entry<'a>, sink: &mut Sink<'_>) {
    let (Some(soft), Some(hard)) = (limit.value.get("soft"), limit.value.get("hard")) else { return };
    let (Some(soft_number), Some(hard_number)) = (soft.as_number(), hard.as_number()) else { return };
    // PaaSTA cuts fractions off before Docker compares.
    if ceiling(soft_number.trunc()) > ceiling(hard_number.trunc()) {
        let name = excerpt(limit.key.as_str().unwrap_or_default());
        sink.report(
            cx.at(soft.span(), format!("the soft limit of `{name}` is more than its hard limit"))
                .label("more than the ceiling")
                .related(cx.document.place(hard.span()), "the ceiling")
                .why("Docker refuses to start a container with such a limit")
                .help("raise `hard`, or lower `soft`"),
        );
    }
}

/// -1 is no limit.
fn ceiling(limit: f64) -> f64 {
    if limit < 0.0 { f64::INFINITY } else { limit }
}
