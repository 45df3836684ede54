//! Settings that another way of autoscaling reads.

use crate::model::kind::FileKind;
use crate::rules::support::autoscaling::Autoscaling;
use crate::rules::support::words::shown;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds keys of `autoscaling` that the chosen provider or policy does not read.
    ///
    /// ## Why it matters
    ///
    /// Only the providers `http` and `uwsgi` ask an `endpoint`; only policy `proportional` knows an
    /// offset, a forecast and a window. With any other choice, or with none, the keys are passed over
    /// without a word, and the instance is scaled in another way than its file says.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   max_instances: 10
    ///   autoscaling: {endpoint: load, offset: 0.1}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   max_instances: 10
    ///   autoscaling: {metrics_provider: http, endpoint: load, decision_policy: proportional, offset: 0.1}
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `autoscaling_service_lib`, whose providers and policies take what they know
    /// and drop the rest.
    "autoscaling-endpoint-ignored" in Resources,
    level: Warning,
    on: On::keys(&["autoscaling"]).within(&[FileKind::Marathon]),
    check: Check::Instance(check),
};

/// What only policy proportional reads.
const PROPORTIONAL: [&str; 6] = [
    "offset",
    "forecast_policy",
    "moving_average_window_seconds",
    "linreg_window_seconds",
    "linreg_extrapolation_seconds",
    "good_enough_window",
];

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let Some(autoscaling) = Autoscaling::of(cx) else { return };
    if let (Some(endpoint), Some("mesos_cpu")) = (autoscaling.get("endpoint"), autoscaling.provider()) {
        let choice = autoscaling.get("metrics_provider");
        report(cx, &endpoint, choice, ("provider `mesos_cpu`", "`metrics_provider: http` or `uwsgi`"), sink);
    }
    // What an external autoscaler reads is its own affair.
    let Some(policy @ ("pid" | "threshold")) = autoscaling.policy() else { return };
    let choice = autoscaling.get("decision_policy");
    let ignored: Vec<Located<'_>> = PROPORTIONAL.into_iter().filter_map(|key| autoscaling.get(key)).collect();
    // One choice is one mistake, however many keys go with it.
    if let Some((first, rest)) = ignored.split_first() {
        let words = format!("policy `{}`", shown(policy));
        let mut finding = ignored_key(cx, first, choice, (&words, "`decision_policy: proportional`"));
        for key in rest {
            finding = finding.related(key.key_place(), "nor this");
        }
        sink.report(finding);
    }
}

fn report<'a>(
    cx: &InstanceCx<'a>,
    key: &Located<'a>,
    choice: Option<Located<'a>>,
    words: (&str, &str),
    sink: &mut Sink<'_>,
) {
    sink.report(ignored_key(cx, key, choice, words));
}

fn ignored_key<'a>(
    cx: &InstanceCx<'a>,
    key: &Located<'a>,
    choice: Option<Located<'a>>,
    (chosen, needed): (&str, &str),
) -> crate::diagnostic::Finding {
    let name = key.key.as_str().unwrap_or_default();
    let by_default = if choice.is_none() { ", the default," } else { "" };
    let finding = cx
        .at_key(key, format!("{chosen}{by_default} does not read `{name}`"))
        .label("nothing reads it")
        .why("the instance is scaled as if it were not there")
        .help(format!("write {needed}, or remove the key"));
    match choice {
        Some(choice) => finding.related(choice.value_place(), "because of this choice"),
        None => finding,
    }
}
