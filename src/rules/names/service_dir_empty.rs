//! A service without configuration.

use crate::model::kind::{FileName, classify};
use crate::repo::DirEntry;
use crate::rules::{Check, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds service directories without any `.yaml` file.
    ///
    /// ## Why it matters
    ///
    /// Every directory at the top of the tree is a service to PaaSTA. One without configuration is
    /// listed, but cannot be deployed, and `paasta validate` refuses it. It is usually what is left
    /// after a service has been removed.
    ///
    /// ## Example
    ///
    /// ```text old_service/README.md
    /// This service was shut down.
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml old_service/service.yaml
    /// description: was shut down, kept for the record
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `cli.cmds.validate:check_service_path`.
    "service-dir-empty" in Names,
    level: Warning (Paasta066: Error),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let service = cx.service;
    // What could not be listed may hold anything; `.yml` files are said to be named wrong.
    if service.error.is_some() || !service.documents.is_empty() {
        return;
    }
    // So are those in a directory below.
    let is_misplaced =
        |e: &DirEntry| e.inside.is_some() || matches!(classify(&e.name), FileName::WrongExtension { .. });
    if service.entries.iter().any(is_misplaced) {
        return;
    }
    sink.report(
        cx.at_place(service.place(), "this directory holds no .yaml file")
            .why("PaaSTA takes every directory here for a service, and `paasta validate` refuses one without files")
            .help("delete the directory, or add the service's configuration")
            .identity("empty"),
    );
}
