//! Parameters of drain method hacheck.

use crate::model::kind::FileKind;
use crate::rules::support::registered::{LazyNamespaces, Standing, marathon_instances};
use crate::rules::{Check, InstanceCx, Located, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds parameters that drain method hacheck does not take, and delays of more than ten minutes.
    ///
    /// ## Why it matters
    ///
    /// hacheck takes `delay`, `hacheck_port` and `expiration`. The requests of method http mean
    /// nothing to it. A task is killed `delay` seconds after it was taken out of traffic: with a
    /// delay of hours a bounce takes hours, with the old tasks beside the new ones.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   drain_method: hacheck
    ///   drain_method_params: {delay: 60000}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   drain_method: hacheck
    ///   drain_method_params: {delay: 60}
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `drain_lib:HacheckDrainMethod`.
    "drain-hacheck-params" in Bounce,
    level: Warning,
    on: On::keys(&["drain_method_params"]).within(&[FileKind::Marathon]),
    check: Check::Service(check),
};

/// Seconds after which nobody waits for the last request any more.
const LONGEST: f64 = 600.0;

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let namespaces = LazyNamespaces::new(cx);
    for instance in marathon_instances(cx) {
        if instance.get("drain_method_params").is_none() {
            continue;
        }
        match instance.set("drain_method") {
            Some(method) if method.value.as_str() == Some("hacheck") => judge(&instance, Some(&method), sink),
            // Without a method it is hacheck in SmartStack.
            None if matches!(namespaces.standing(&instance), Standing::In(_)) => judge(&instance, None, sink),
            _ => {}
        }
    }
}

fn judge(cx: &InstanceCx<'_>, method: Option<&Located<'_>>, sink: &mut Sink<'_>) {
    for param in cx.merged("drain_method_params") {
        match param.key.as_str() {
            Some("delay") => {
                let delay = param.value.as_number().filter(|delay| delay.is_finite() && *delay > LONGEST);
                let Some(delay) = delay else { continue };
                let minutes = (delay / 60.0).round();
                let message =
                    format!("each old task is kept for {minutes} minutes after it got its last request");
                sink.report(
                    cx.at_value(&param, message)
                        .label("these are seconds")
                        .why("a bounce takes that long, with the old tasks beside the new ones")
                        .help("write how many seconds the slowest request takes; 60 are the default"),
                );
            }
            Some(name @ ("drain" | "stop_draining" | "is_draining" | "is_safe_to_kill")) => {
                let Some(method) = method else { continue };
                sink.report(
                    cx.at_key(&param, format!("drain method hacheck knows no `{name}`"))
                        .label("belongs to method http")
                        .related(method.value_place(), "the method is set here")
                        .why("the request is never sent")
                        .help("remove it, or use `drain_method: http`"),
                );
            }
            _ => {}
        }
    }
}
