//! Parameters of a drain method that takes none.

use crate::model::kind::FileKind;
use crate::rules::support::registered::{LazyNamespaces, Standing, marathon_instances};
use crate::rules::{Check, On, Rule, ServiceCx, Sink};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds `drain_method_params` where nothing is drained: with method noop, or without a method
    /// outside SmartStack.
    ///
    /// ## Why it matters
    ///
    /// Old tasks are then killed at once. A delay that is set for them has no effect, and what they
    /// were working on is lost.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// worker:
    ///   drain_method: noop
    ///   drain_method_params: {delay: 60}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// worker:
    ///   drain_method: noop
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `drain_method`, noop by default outside SmartStack; paasta-tools 0.66.6
    /// `drain_lib:NoopDrainMethod`.
    "drain-params-ignored" in Bounce,
    // Harmless: left over from another method, or kept for it.
    level: Info,
    strict: Some(crate::rules::Level::Warning),
    on: On::keys(&["drain_method_params"]).within(&[FileKind::Marathon]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let namespaces = LazyNamespaces::new(cx);
    for instance in marathon_instances(cx) {
        let Some(params) = instance.own("drain_method_params") else { continue };
        if params.value.kind() != Kind::Map || params.value.is_empty() {
            continue;
        }
        let finding = if let Some(method) = instance.set("drain_method") {
            if method.value.as_str() != Some("noop") {
                continue;
            }
            instance
                .at_key(&params, "drain method noop takes no parameters")
                .related(method.value_place(), "the method is set here")
        } else {
            if !matches!(namespaces.standing(&instance), Standing::Out | Standing::WithoutPort) {
                continue;
            }
            instance.at_key(&params, "nothing is drained outside SmartStack").absent(&["drain_method"])
        };
        sink.report(
            finding
                .label("has no effect")
                .why("old tasks are killed at once, whatever they are working on")
                .help("remove the parameters, or set `drain_method: http` with its four requests"),
        );
    }
}
