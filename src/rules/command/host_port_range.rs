//! Ports of the host that belong to others.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot};

pub(crate) static RULE: Rule = rule! {
    /// Finds a fixed `host_port` that belongs to the system or to SmartStack.
    ///
    /// ## Why it matters
    ///
    /// Mesos agents do not offer ports below 1024, so such a task waits for ever. On the ports of
    /// SmartStack HAProxy listens on every host: the task fails to start, or takes the place of the
    /// service that has the port.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   host_port: 20028
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   host_port: 0
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `proxy_port`; Mesos, whose agents offer ports from 31000 to 32000 unless
    /// told otherwise. The range and the reserved ports of SmartStack are `ports` in `.soalint.yaml`.
    "host-port-range" in Command,
    level: Warning,
    supersedes: &["net-host-port"],
    on: On::kinds(&[FileKind::Marathon]),
    check: Check::Entry(Slot::known("host_port"), check),
};

/// Ports below this need rights that no task has.
const FIRST_FREE: i64 = 1024;

fn check(cx: &InstanceCx<'_>, port: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(number) = port.value.as_i64().filter(|number| *number > 0) else { return };
    let ports = &cx.env.settings.ports;
    let is_smartstack = i64::from(ports.range.0) <= number && number <= i64::from(ports.range.1);
    let finding = if number < FIRST_FREE {
        cx.at_value(port, format!("port {number} of a host belongs to the system"))
            .label("below 1024")
            .why("no Mesos agent offers such a port, so the task waits for ever")
    } else if is_smartstack || ports.reserved.iter().any(|reserved| i64::from(*reserved) == number) {
        cx.at_value(port, format!("port {number} of every host belongs to SmartStack"))
            .label(if is_smartstack { "in the range of `proxy_port`" } else { "reserved" })
            .why("HAProxy listens there as soon as a service gets the port, or does so already")
    } else {
        return;
    };
    sink.report(finding.help("remove `host_port` to get any free port, or use one that the agents offer"));
}
