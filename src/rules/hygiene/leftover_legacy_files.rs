//! Files from before PaaSTA.

use crate::model::kind::FileKind;
use crate::rules::{Blocks, Check, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds files of the time before PaaSTA in services that run in it.
    ///
    /// ## Why it matters
    ///
    /// `vip`, `port`, `runs_on` and `lb.yaml` configure services that run on fixed hosts. Beside
    /// PaaSTA's files they are usually leftovers of a migration; `runs_on` and `port` are still read,
    /// and register the service on the hosts that they name. It is advice and off by default.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 2
    /// ```
    ///
    /// ```text vip
    /// vip1
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 2
    /// ```
    ///
    /// ## Source
    ///
    /// service-configuration-lib 0.12.0 `read_service_configuration_from_dir`.
    "leftover-legacy-files" in Hygiene,
    level: Info,
    blocks: Blocks::Nothing,
    on: On::kinds(&FileKind::WITH_INSTANCES),
    check: Check::Service(check),
};

const LEGACY: [&str; 4] = ["lb.yaml", "port", "runs_on", "vip"];

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let mut found = LEGACY.into_iter().filter(|name| cx.service.has_entry(name)).peekable();
    if found.peek().is_none() || cx.instances().next().is_none() {
        return;
    }
    for name in found {
        sink.report(
            cx.at_place(cx.service.entry_place(name), format!("`{name}` is from before PaaSTA"))
                .why("it configures services on fixed hosts, and this one runs in PaaSTA")
                .help("delete it if nothing of the service runs on fixed hosts any more")
                .identity("legacy"),
        );
    }
}
