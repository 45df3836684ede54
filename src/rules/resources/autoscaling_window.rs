//! Parameters that a forecast needs, and the window in which nothing changes.

use crate::diagnostic::Severity;
use crate::model::kind::FileKind;
use crate::rules::support::autoscaling::Autoscaling;
use crate::rules::support::words::list;
use crate::rules::{Blocks, Check, InstanceCx, Level, Located, On, Rule, Sink};
use crate::yaml::{Kind, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds forecast policies without the windows that they need, and windows that are none.
    ///
    /// ## Why it matters
    ///
    /// `forecast_policy: moving_average` needs `moving_average_window_seconds`; `linreg` needs
    /// `linreg_window_seconds` and `linreg_extrapolation_seconds`. `good_enough_window` is a lower and an
    /// upper share of use. Without them every run of the autoscaler fails, and the instance keeps the
    /// number of tasks that it has. A window that does not hold the setpoint is accepted, but keeps the
    /// autoscaler from ever getting there.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   max_instances: 10
    ///   autoscaling:
    ///     decision_policy: proportional
    ///     forecast_policy: moving_average
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   max_instances: 10
    ///   autoscaling:
    ///     decision_policy: proportional
    ///     forecast_policy: moving_average
    ///     moving_average_window_seconds: 1800
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `autoscaling.forecasting` and
    /// `autoscaling_service_lib:proportional_decision_policy`.
    "autoscaling-window" in Resources,
    level: Error,
    also: &[Level::Warning],
    // The payload does not depend on it.
    blocks: Blocks::Nothing,
    on: On::keys(&["autoscaling"]).within(&[FileKind::Marathon]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let Some(autoscaling) = Autoscaling::of(cx) else { return };
    // Other policies do not look at these keys, which is another finding.
    if autoscaling.policy() != Some("proportional") {
        return;
    }
    if let Some(policy) = autoscaling.get("forecast_policy") {
        forecast(cx, &autoscaling, &policy, sink);
    }
    if let Some(window) =
        autoscaling.get("good_enough_window").filter(|window| window.value.kind() == Kind::Seq)
    {
        good_enough(cx, &autoscaling, &window, sink);
    }
}

fn forecast<'a>(
    cx: &InstanceCx<'a>,
    autoscaling: &Autoscaling<'a>,
    policy: &Located<'a>,
    sink: &mut Sink<'_>,
) {
    let name = policy.value.as_str().unwrap_or_default();
    let needed: &[&'static str] = match name {
        "moving_average" => &["moving_average_window_seconds"],
        "linreg" => &["linreg_window_seconds", "linreg_extrapolation_seconds"],
        _ => return,
    };
    let missing: Vec<&'static str> =
        needed.iter().copied().filter(|key| autoscaling.get(key).is_none()).collect();
    if missing.is_empty() {
        return;
    }
    let keys = list(missing.iter().copied(), 2, " and ");
    sink.report(
        cx.at_value(policy, format!("`forecast_policy: {name}` needs {keys}"))
            .label("how far does it look?")
            .why("every run of the autoscaler fails, so the instance is never scaled")
            .help(format!("add {keys} to `autoscaling`"))
            .absent(&missing),
    );
}

fn good_enough<'a>(
    cx: &InstanceCx<'a>,
    autoscaling: &Autoscaling<'a>,
    window: &Located<'a>,
    sink: &mut Sink<'_>,
) {
    let list = window.value;
    if list.len() != 2 {
        sink.report(
            cx.at_value(window, "`good_enough_window` must be two numbers")
                .label(format!("{} item{}", list.len(), if list.len() == 1 { "" } else { "s" }))
                .why("every run of the autoscaler fails, so the instance is never scaled")
                .help("write the lower and the upper share, as in `[0.7, 0.9]`"),
        );
        return;
    }
    let mut numbers = list.items().map(Value::as_number);
    let (Some(Some(low)), Some(Some(high))) = (numbers.next(), numbers.next()) else { return };
    if low > high {
        sink.report(
            cx.at_value(window, "the lower end of `good_enough_window` is above its upper end")
                .label(format!("nothing is between {low} and {high}"))
                .why("no use is ever good enough, as if the window were not there")
                .help(format!("write `[{high}, {low}]`"))
                .severity(Severity::Warning),
        );
        return;
    }
    let Some((goal, setpoint)) = autoscaling.setpoint() else { return };
    if (low..=high).contains(&goal) {
        return;
    }
    let finding = cx
        .at_value(window, format!("`good_enough_window` does not hold the setpoint {goal}"))
        .label("the setpoint is outside")
        .why("the autoscaler stops scaling before it has reached the setpoint, or passes by the window")
        .help("put the window around the setpoint")
        .severity(Severity::Warning);
    sink.report(match setpoint {
        Some(setpoint) => finding.related(setpoint.value_place(), "the setpoint"),
        None => finding,
    });
}
