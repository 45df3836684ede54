//! Configuration in a directory of a service.

use crate::repo::is_configuration;
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
    level: Warning,
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let nested = cx.service.entries.iter().filter(|entry| entry.inside.is_some()).count();
    let has_own =
        cx.service.entries.iter().any(|entry| entry.kind.is_file() && is_configuration(&entry.name));
    if nested > 1 && !has_own {
        return report_tree(cx, nested, sink);
    }
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

/// The root of the tree is not where the run takes it to be: one finding instead of one per service.
fn report_tree(cx: &ServiceCx<'_>, nested: usize, sink: &mut Sink<'_>) {
    let name = excerpt(&cx.service.name);
    sink.report(
        cx.at_place(
            cx.service.place(),
            format!("nothing reads the configuration in {nested} directories of `{name}`"),
        )
        .why("PaaSTA does not look into directories of a service: what their files configure does not exist")
        .help(format!(
            "`{name}` looks like a tree of {nested} services: name it with `-d {name}`; if it is a service, move the files up into its directory"
        ))
        .identity("tree"),
    );
}
