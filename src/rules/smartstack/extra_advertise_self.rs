//! Locations that register where they register anyway.

use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, Located, NamespaceCx, Rule, Sink, Slot};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds locations that `extra_advertise` sends to themselves.
    ///
    /// ## Why it matters
    ///
    /// Tasks register in their own location anyway. The entry has an effect only if it names a wider
    /// location than those that are advertised by; most often another location was meant.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   extra_advertise:
    ///     region:uswest1-prod: ["region:uswest1-prod"]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   extra_advertise:
    ///     region:uswest1-prod: ["region:uswest2-prod"]
    /// ```
    ///
    /// ## Source
    ///
    /// nerve-tools `configure_nerve`; the documentation of `extra_advertise`.
    "extra-advertise-self" in Smartstack,
    level: Info,
    blocks: Blocks::Nothing,
    check: Check::NamespaceEntry(Slot::known("extra_advertise"), check),
};

fn check(cx: &NamespaceCx<'_>, extra: &Located<'_>, sink: &mut Sink<'_>) {
    if extra.value.kind() != Kind::Map {
        return;
    }
    for entry in extra.value.entries().filter(|entry| entry.value.kind() == Kind::Seq) {
        let Some(source) = entry.key.as_str() else { continue };
        for item in entry.value.items().filter(|item| item.as_str() == Some(source)) {
            sink.report(
                cx.at(item.span(), format!("tasks of `{}` register there anyway", shown(source)))
                    .label("the same location")
                    .related(cx.document.place(entry.key.span()), "this is where they run")
                    .why("most often another location was meant")
                    .help("name another location, or remove it"),
            );
        }
    }
}
