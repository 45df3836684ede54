//! A setpoint without room above it.

use crate::model::kind::FileKind;
use crate::rules::support::autoscaling::Autoscaling;
use crate::rules::{Check, InstanceCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds a `setpoint` of more than 0.95.
    ///
    /// ## Why it matters
    ///
    /// The autoscaler adds instances when the use of the running ones goes beyond the setpoint. There
    /// is hardly anything beyond 0.95: the instances are overloaded long before it acts. A setpoint
    /// above 1 is an error of the schema.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   max_instances: 10
    ///   autoscaling: {setpoint: 0.99}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   max_instances: 10
    ///   autoscaling: {setpoint: 0.8}
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of autoscaling: a share of the resources, 0.8 by default.
    "autoscaling-setpoint" in Resources,
    level: Warning,
    on: On::keys(&["autoscaling"]).within(&[FileKind::Marathon]),
    check: Check::Instance(check),
};

/// Beyond it there is no room left to measure an overload.
const HIGHEST: f64 = 0.95;

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let Some(autoscaling) = Autoscaling::of(cx) else { return };
    let Some((share, Some(setpoint))) = autoscaling.setpoint() else { return };
    // An external autoscaler has rules of its own.
    if share > HIGHEST && autoscaling.policy() != Some("bespoke") {
        sink.report(
            cx.at_value(&setpoint, format!("a setpoint of {share} leaves no room to scale up"))
                .label("a share: 0.8 is 80 percent")
                .why("the instances are overloaded before the autoscaler adds any")
                .help("write a lower share; the default is 0.8"),
        );
    }
}
