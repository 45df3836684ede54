//! Metrics from tasks that nobody can reach.

use crate::model::kind::FileKind;
use crate::rules::support::autoscaling::Autoscaling;
use crate::rules::{Blocks, Check, InstanceCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds autoscaling by metrics that the tasks serve, in instances without a network.
    ///
    /// ## Why it matters
    ///
    /// The providers `http` and `uwsgi` ask each task over the network. With `net: none` no task can be
    /// asked, every run of the autoscaler fails, and the instance keeps the number of tasks that it has.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   net: none
    ///   max_instances: 10
    ///   autoscaling: {metrics_provider: http}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   net: none
    ///   max_instances: 10
    ///   autoscaling: {metrics_provider: mesos_cpu}
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `autoscaling_service_lib:get_json_body_from_service`; the network mode `none`
    /// of Docker.
    "autoscaling-http-no-port" in Resources,
    level: Error,
    // The payload does not depend on it.
    blocks: Blocks::Nothing,
    on: On::keys(&["autoscaling"]).within(&[FileKind::Marathon]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let Some(autoscaling) = Autoscaling::of(cx) else { return };
    let Some(provider) = autoscaling.get("metrics_provider") else { return };
    let Some(name @ ("http" | "uwsgi")) = provider.value.as_str() else { return };
    let Some(net) = cx.get("net").filter(|net| net.value.as_str() == Some("none")) else { return };
    sink.report(
        cx.at_value(&provider, format!("`metrics_provider: {name}` asks tasks that have no network"))
            .label("no task can be asked")
            .related(net.value_place(), "because of this")
            .why("every run of the autoscaler fails, so the instance is never scaled")
            .help("use `metrics_provider: mesos_cpu`, or another `net`"),
    );
}
