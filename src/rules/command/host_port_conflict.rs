//! One port of the host for two instances.

use std::collections::BTreeMap;

use crate::model::kind::FileKind;
use crate::rules::support::registered::marathon_instances;
use crate::rules::support::words::shown;
use crate::rules::{Check, Located, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds two instances of a service that want the same fixed port of the host, in one cluster and
    /// pool.
    ///
    /// ## Why it matters
    ///
    /// A port of a host can be had once. Tasks of the two instances never run on one host, and where
    /// hosts are few, those of one of them wait for ever.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   host_port: 8888
    /// admin:
    ///   host_port: 8888
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   host_port: 8888
    /// admin:
    ///   host_port: 8889
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `marathon_tools:MarathonServiceConfig.format_marathon_app_dict`: the port
    /// is one of the host's, and required.
    "host-port-conflict" in Command,
    level: Warning,
    supersedes: &["net-host-port"],
    on: On::keys(&["host_port"]).within(&[FileKind::Marathon]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let mut seen: BTreeMap<(&str, &str, i64), (&str, Located<'_>)> = BTreeMap::new();
    for instance in marathon_instances(cx) {
        let Some(port) = instance.set("host_port") else { continue };
        let Some(number) = port.value.as_i64().filter(|number| *number > 0) else { continue };
        let pool = instance.set("pool").and_then(|pool| pool.value.as_str()).unwrap_or("default");
        let key = (instance.instance.cluster, pool, number);
        let Some((name, first)) = seen.get(&key) else {
            seen.insert(key, (instance.instance.name, port));
            continue;
        };
        sink.report(
            instance
                .at_value(&port, format!("`{}` wants port {number} of the host, too", shown(name)))
                .label("the same port")
                .related(first.value_place(), "wanted here first")
                .why("the tasks of both never run on one host, and where hosts are few, some wait for ever")
                .help("give each instance a port of its own, or remove `host_port` to get any free one"),
        );
    }
}
