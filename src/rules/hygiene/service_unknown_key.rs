//! Keys of service.yaml that nothing reads.

use crate::diagnostic::Finding;
use crate::model::keys::entry_record;
use crate::model::kind::FileKind;
use crate::rules::written::excerpt;
use crate::rules::{Check, DocumentCx, Fixable, On, Rule, Sink};
use crate::suggest::nearest;
use crate::yaml::{Kind, Value};

use super::service_yaml_shadow::is_instance_key;
use crate::yaml::edit;

pub(crate) static RULE: Rule = rule! {
    /// Finds keys of service.yaml that PaaSTA does not know.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA looks at `description`, `external_link`, `git_url` and `docker_registry`. It takes any
    /// other key for a default of every instance, so a misspelt `git_ur` is not refused: the
    /// service is built from the default repository.
    ///
    /// ## Example
    ///
    /// ```yaml service.yaml
    /// giturl: git@git.example.com:services/shop.git
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml service.yaml
    /// git_url: git@git.example.com:services/shop.git
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Unsafe: what was meant is a guess.
    ///
    /// ## Source
    ///
    /// The configuration reference on service.yaml.
    "service-unknown-key" in Hygiene,
    level: Warning,
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Service]),
    check: Check::Document(check),
};

/// Keys that name a file of the directory, or a part of the configuration that PaaSTA fills in itself
/// (paasta-behaviour.md section 2); `service_yaml_shadow` speaks of those that replace one.
const PARTS: [&str; 8] =
    ["monitoring", "smartstack", "deploy", "dependencies", "data", "lb_extras", "port", "vip"];

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    if cx.root.kind() != Kind::Map {
        return;
    }
    let Some(known) = entry_record(FileKind::Service) else { return };
    // PaaSTA looks here for a monitoring setting that is nowhere else (paasta-behaviour.md section 9).
    let monitoring = entry_record(FileKind::Monitoring);
    let is_known = |name: &str| {
        known.key(name).is_some()
            || monitoring.is_some_and(|record| record.key(name).is_some())
            || PARTS.contains(&name)
            || is_instance_key(name)
    };
    let mut foreign = Vec::new();
    let unknown = cx
        .root
        .entries()
        .map(|entry| entry.key)
        .filter(|key| key.as_str().is_some_and(|name| !is_known(name)));
    for (count, key) in unknown.enumerate() {
        let near =
            if count < SUGGESTIONS { nearest(key.text(), known.keys().map(|key| key.name)) } else { None };
        match near {
            Some(near) => {
                let edits =
                    cx.root.entry(key.text()).and_then(|entry| edit::rename_key(cx.root, entry, near));
                sink.report(
                    unknown_key(cx, key)
                        .label(format!("did you mean `{near}`?"))
                        .help(format!("write `{near}`"))
                        .unsafe_fix(format!("write `{near}`"), edits),
                );
            }
            None => foreign.push(key),
        }
    }
    // Somebody else's file has many such keys: one finding for all.
    if let Some((first, rest)) = foreign.split_first() {
        let mut finding = unknown_key(cx, *first)
            .label("unknown key")
            .help("delete it; known keys are `description`, `external_link`, `git_url`, `docker_registry`");
        for key in rest.iter().take(RELATED) {
            finding = finding.related(cx.document.place(key.span()), "unknown, too");
        }
        sink.report(finding);
    }
}

/// Unknown keys that are compared with the known ones; the comparison is not free.
const SUGGESTIONS: usize = 50;

/// Further unknown keys that are pointed at.
const RELATED: usize = 3;

fn unknown_key<'a>(cx: &DocumentCx<'a>, key: Value<'a>) -> Finding {
    cx.at(key.span(), format!("PaaSTA knows no key `{}` of service.yaml", excerpt(key.text())))
        .why("nothing reads it: it only becomes a default of every instance, where it means nothing either")
}
