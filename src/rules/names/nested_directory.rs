//! Configuration in a directory of a service.

use crate::rules::written::excerpt;
use crate::rules::{Check, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds configuration files in directories below that of a service.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA reads the files in a service's directory, and none in directories below it. What
    /// `prod/marathon-norcal-prod.yaml` configures does not exist.
    ///
    /// ## Example
    ///
    /// ```yaml example/prod/marathon-norcal-prod.yaml
    /// main:
    ///   instances: 2
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml example/marathon-norcal-prod.yaml
    /// main:
    ///   instances: 2
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `utils:list_clusters` and `cli.cmds.validate`, which list one directory.
    "nested-directory" in Names,
    documented: Warning, paasta_0_66: Warning,
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    for entry in &cx.service.entries {
        let Some(inside) = &entry.inside else { continue };
        let path = format!("{}/{inside}", entry.name);
        sink.report(
            cx.at_place(cx.service.entry_place(&path), format!("nothing reads `{}`", excerpt(&path)))
                .why("PaaSTA does not look into directories of a service: what the file configures does not exist")
                .help("move it up into the directory of the service")
                .identity("directory"),
        );
    }
}
