//! Alerts about outages that are meant.

use crate::model::kind::FileKind;
use crate::rules::monitoring::team_missing::{FILES, setting};
use crate::rules::support::registered::marathon_instances;
use crate::rules::{Check, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds bounce methods with an outage in instances whose alerts do not wait for its end.
    ///
    /// ## Why it matters
    ///
    /// With `downthenup` and `brutal` too few tasks run during each bounce. Unless `alert_after` is
    /// longer than a bounce takes, each one raises an alert that means nothing.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// worker:
    ///   bounce_method: downthenup
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// worker:
    ///   bounce_method: downthenup
    ///   monitoring:
    ///     alert_after: 20m
    /// ```
    ///
    /// ## Source
    ///
    /// PaaSTA's documentation of bouncing, which recommends 20 minutes for these methods.
    "bounce-downthenup-monitoring" in Bounce,
    level: Info,
    on: On::keys(&["bounce_method"]).within(&[FileKind::Marathon]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    // What the service says about all of its alerts counts, too.
    if !cx.service.knows(&FILES) {
        return;
    }
    for instance in marathon_instances(cx) {
        let Some(method) = instance.set("bounce_method") else { continue };
        let Some(name @ ("brutal" | "downthenup")) = method.value.as_str() else { continue };
        if setting(&instance, "alert_after").is_some() {
            continue;
        }
        sink.report(
            instance
                .at_value(&method, format!("each bounce with `{name}` can raise an alert"))
                .label("too few tasks run meanwhile")
                .why("alerts that mean nothing teach people to ignore alerts")
                .help("set `alert_after` in `monitoring` to longer than a bounce takes, such as `20m`"),
        );
    }
}
