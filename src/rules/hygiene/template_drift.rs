//! Files that are copies.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::model::kind::FileKind;
use crate::repo::Document;
use crate::rules::{Blocks, Check, On, Rule, ServiceCx, Sink};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds files of two clusters with the same content that are not links.
    ///
    /// ## Why it matters
    ///
    /// Copies drift apart: whoever changes one has to know of the others. PaaSTA reads links like
    /// files, so one file can serve several clusters. It is advice and off by default.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-a.yaml
    /// main:
    ///   instances: 3
    ///   mem: 2000
    /// ```
    ///
    /// ```yaml marathon-b.yaml
    /// main:
    ///   instances: 3
    ///   mem: 2000
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-a.yaml
    /// main:
    ///   instances: 3
    ///   mem: 2000
    /// ```
    ///
    /// and a link to it, which git keeps as such:
    ///
    ///     ln -sf marathon-a.yaml marathon-b.yaml
    ///
    /// ## Source
    ///
    /// PaaSTA's documentation of deploy groups, which shares a file by symbolic links.
    "template-drift" in Hygiene,
    level: Info,
    blocks: Blocks::Nothing,
    on: On::kinds(&FileKind::WITH_INSTANCES),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let mut first: BTreeMap<(FileKind, &str), &Document> = BTreeMap::new();
    for document in cx.service.documents.iter().filter(|document| !document.is_link) {
        let (Some(kind), Some(source)) =
            (document.kind.filter(|kind| kind.has_instances()), document.source())
        else {
            continue;
        };
        // An empty file has a finding of its own.
        let is_empty =
            document.tree().is_none_or(|tree| tree.root().kind() != Kind::Map || tree.root().is_empty());
        if is_empty {
            continue;
        }
        match first.entry((kind, source.text())) {
            Entry::Vacant(slot) => {
                slot.insert(document);
            }
            Entry::Occupied(other) => sink.report(
                cx.at_place(document.whole(), format!("the file is a copy of {}", other.get().name()))
                    .related(other.get().whole(), "the same text")
                    .why("a change to one of them is easily forgotten in the other")
                    .help(format!(
                        "make it a symbolic link: `ln -sf {} {}`",
                        other.get().name(),
                        document.name()
                    )),
            ),
        }
    }
}
