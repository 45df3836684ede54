//! One port for several tasks of a host.

use crate::model::kind::FileKind;
use crate::rules::support::constraints;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot};
use crate::yaml::Value;

pub(crate) static RULE: Rule = rule! {
    /// Finds a fixed `host_port` of several tasks that may come to one host.
    ///
    /// ## Why it matters
    ///
    /// A port of a host can be had once, by any kind of network. Of the tasks of such an instance no
    /// host can take a second one, and a bounce needs other hosts for all new tasks. Where there
    /// are not enough, tasks wait for ever; a constraint says openly what is needed.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   net: host
    ///   host_port: 8888
    ///   instances: 3
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   net: host
    ///   host_port: 8888
    ///   instances: 3
    ///   extra_constraints: [[hostname, UNIQUE]]
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `marathon_tools:MarathonServiceConfig.format_marathon_app_dict`, which
    /// requires exactly that port of the host.
    "net-host-port" in Command,
    level: Warning,
    on: On::kinds(&[FileKind::Marathon]),
    check: Check::Entry(Slot::known("host_port"), check),
};

fn check(cx: &InstanceCx<'_>, port: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(number) = port.value.as_i64().filter(|number| *number > 0) else { return };
    let Some(count) = cx.set("max_instances").or_else(|| cx.set("instances")) else { return };
    let Some(tasks) = count.value.as_i64().filter(|tasks| *tasks > 1) else { return };
    let is_unique = constraints::lists(cx).any(|list| {
        list.constraints().any(|constraint| {
            let field = constraint.item.items().next().and_then(Value::as_str);
            field == Some("hostname") && matches!(constraint.operator, Some("UNIQUE" | "MAX_PER"))
        })
    });
    if is_unique {
        return;
    }
    sink.report(
        cx.at_value(port, format!("each host has only one port {number}, but there are {tasks} tasks"))
            .label("one task per host")
            .related(count.value_place(), "so many tasks")
            .why("tasks that find no host where the port is free wait for ever, most of all during a bounce")
            .help("remove `host_port` to get any free port, or add the constraint `[hostname, UNIQUE]`"),
    );
}
