//! Generated deployments among the configuration.

use crate::rules::{Blocks, Check, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds `deployments.json` in service directories.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA generates the file from git tags. One that is committed is out of date with the next
    /// deployment, and overwrites the generated one where the configuration is distributed: a version
    /// is rolled back without anybody asking for it. On a host of the cluster the file belongs there, so
    /// this is advice and off by default.
    ///
    /// ## Example
    ///
    /// ```text deployments.json
    /// {"v1": {}}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```text README.md
    /// deployments.json is listed in .gitignore
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `generate_deployments_for_service`.
    "deployments-json-committed" in Hygiene,
    level: Info,
    blocks: Blocks::Nothing,
    check: Check::Service(check),
};

const NAME: &str = "deployments.json";

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    if cx.service.has_entry(NAME) {
        sink.report(
            cx.at_place(cx.service.entry_place(NAME), "deployments.json is generated, and no configuration")
                .why("a committed one is out of date with the next deployment, and may roll it back")
                .help("remove it from the repository, and list it in .gitignore")
                .identity("deployments.json"),
        );
    }
}
