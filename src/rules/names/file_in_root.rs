//! Files of a service that are in no service.

use crate::diagnostic::{Finding, Place, Severity};
use crate::model::kind::FileKind;
use crate::repo::Needs;
use crate::rules::{Check, Level, Rule, Sink, TreeCx};

pub(crate) static RULE: Rule = rule! {
    /// Finds files in the root of the tree that have the name of a service's file.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA looks for files in the directories of services, and nowhere else: nothing in the root of the
    /// tree is read. An instance file there (`marathon-<cluster>.yaml`) configures nothing, which is an
    /// error; a name that other tools also use (`service.yaml`, `deploy.yaml`) is a warning.
    ///
    /// ## Example
    ///
    /// ```yaml /marathon-norcal-prod.yaml
    /// main: {instances: 1}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml web/marathon-norcal-prod.yaml
    /// main: {instances: 1}
    /// ```
    ///
    /// ## Source
    ///
    /// `service_configuration_lib:read_services_configuration` takes directories only.
    "file-in-root" in Names,
    level: Error,
    also: &[Level::Warning],
    check: Check::Tree(Needs::NAMES, check),
};

fn check(cx: &TreeCx<'_>, sink: &mut Sink<'_>) {
    for file in cx.stray_files {
        let help = match cx.names {
            [] => {
                "move it into the directory of its service; if this directory is the service, name the one above with -d"
            }
            _ => "move it into the directory of its service, or delete it",
        };
        let finding = Finding::new(Place::whole(file.as_str()), "this file is in no service")
            .why("PaaSTA reads files in the directories of services only, so this one configures nothing")
            .help(help)
            .identity("root");
        let has_instances = FileKind::from_file_name(file).is_some_and(|(kind, _)| kind.has_instances());
        sink.report(if has_instances { finding } else { finding.severity(Severity::Warning) });
    }
}
