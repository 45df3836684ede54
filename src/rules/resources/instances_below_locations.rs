//! Fewer tasks than locations.

use crate::rules::support::spread::{self, Spread};
use crate::rules::{Check, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds load-balanced instances with fewer tasks than their cluster has locations to spread them over.
    ///
    /// ## Why it matters
    ///
    /// Tasks are spread over the locations of the type that `discover` names, and clients use those of
    /// their own location. With two tasks in three regions one region has none. The alert does not tell:
    /// it divides the tasks by the locations, rounds down, and expects none anywhere.
    ///
    /// The rule needs `site: {location-mapping: ..}` in `.soalint.yaml`, with a location that is called
    /// like the cluster, and is silent without it.
    ///
    /// ## Example
    ///
    /// ```config
    /// site:
    ///   location-mapping: {norcal-prod_superregion: {west-a_region: {}, west-b_region: {}, west-c_region: {}}}
    /// ```
    ///
    /// ```yaml smartstack.yaml
    /// main: {proxy_port: 20001, discover: region}
    /// ```
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 2
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```config
    /// site:
    ///   location-mapping: {norcal-prod_superregion: {west-a_region: {}, west-b_region: {}, west-c_region: {}}}
    /// ```
    ///
    /// ```yaml smartstack.yaml
    /// main: {proxy_port: 20001, discover: region}
    /// ```
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 3
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `check_marathon_services_replication`; PaaSTA's documentation on SmartStack.
    "instances-below-locations" in Resources,
    level: Warning,
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    spread::each(cx, |Spread { cx, instances, count, locations, kind }| {
        if count < locations {
            sink.report(
                cx.at_value(
                    &instances,
                    format!(
                        "{count} task{} cannot be in {locations} locations",
                        if count == 1 { "" } else { "s" }
                    ),
                )
                .label(format!("the cluster has {locations} of type `{kind}`"))
                .why("some locations get no task, and the alert expects none anywhere")
                .help(format!("run at least {locations} tasks, or discover by a wider type")),
            );
        }
    });
}
