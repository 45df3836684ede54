//! Tasks that cannot be spread evenly.

use crate::rules::support::spread::{self, Spread};
use crate::rules::{Check, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds load-balanced instances whose tasks cannot be spread evenly over the locations of the cluster.
    ///
    /// ## Why it matters
    ///
    /// With four tasks in three regions one region has twice as many as the others, and the tasks of the
    /// others have twice the load. It is advice and off by default.
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
    ///   instances: 4
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
    ///   instances: 6
    /// ```
    ///
    /// ## Source
    ///
    /// PaaSTA's documentation on SmartStack.
    "instances-not-multiple" in Resources,
    level: Info,
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    spread::each(cx, |Spread { cx, instances, count, locations, kind }| {
        // Fewer tasks than locations are another finding.
        if count > locations && count % locations != 0 {
            sink.report(
                cx.at_value(
                    &instances,
                    format!("{count} tasks are spread unevenly over {locations} locations"),
                )
                .label(format!("the cluster has {locations} of type `{kind}`"))
                .why("where fewer tasks run, each has more to do")
                .help(format!(
                    "run a multiple of {locations}, such as {}",
                    (count / locations).saturating_add(1).saturating_mul(locations)
                )),
            );
        }
    });
}
