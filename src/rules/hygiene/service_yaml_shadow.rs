//! Instance settings in service.yaml.

use crate::model::keys::entry_record;
use crate::model::kind::FileKind;
use crate::rules::{Check, DocumentCx, On, Rule, Sink};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds keys in service.yaml that are settings of instances, or replace another file.
    ///
    /// ## Why it matters
    ///
    /// service.yaml is meant for facts about the service, but PaaSTA takes every key in it for a default
    /// of every instance, of every kind, in every cluster. And a key `monitoring`, `smartstack`,
    /// `deploy` or `dependencies` replaces the whole file of that name. Both are undocumented, and
    /// easily overlooked by whoever reads only the instance.
    ///
    /// ## Example
    ///
    /// ```yaml service.yaml
    /// description: Resizes pictures
    /// mem: 2048
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml service.yaml
    /// description: Resizes pictures
    /// ```
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   mem: 2048
    /// ```
    ///
    /// ## Source
    ///
    /// The configuration reference on service.yaml, which names four keys; service-configuration-lib
    /// 0.12.0 `read_service_configuration_from_dir`, recorded by running it.
    "service-yaml-shadow" in Hygiene,
    level: Warning,
    on: On::kinds(&[FileKind::Service]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    if cx.root.kind() != Kind::Map {
        return;
    }
    for entry in cx.root.entries() {
        let Some(name) = entry.key.as_str() else { continue };
        let finding = if let Some(file) = replaced_file(name) {
            cx.at(entry.key.span(), format!("`{name}` in service.yaml replaces {file}"))
                .label(format!("{file} is not read beside it"))
                .why(format!("PaaSTA then takes nothing from {file}, without a word"))
                .help(format!("move it to {file}"))
        } else if is_instance_key(name) {
            cx.at(entry.key.span(), format!("`{name}` in service.yaml is a default of every instance"))
                .label("a setting of instances")
                .why(
                    "it counts for every instance of every kind in every cluster that does not set it itself",
                )
                .help("move it to the instances that need it")
        } else {
            continue;
        };
        sink.report(finding);
    }
}

/// The file that a key of service.yaml replaces as a whole (paasta-behaviour.md section 2).
fn replaced_file(name: &str) -> Option<&'static str> {
    Some(match name {
        "monitoring" => "monitoring.yaml",
        "smartstack" => "smartstack.yaml",
        "deploy" => "deploy.yaml",
        "dependencies" => "dependencies.yaml",
        _ => return None,
    })
}

/// Whether the key is a setting of Marathon instances, Chronos jobs or adhoc instances.
pub(in crate::rules) fn is_instance_key(name: &str) -> bool {
    FileKind::ALL
        .into_iter()
        .filter(|kind| kind.has_instances())
        .any(|kind| entry_record(kind).is_some_and(|record| record.key(name).is_some()))
}
