//! Registrations far and wide.

use crate::rules::support::locations::typed;
use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, Located, NamespaceCx, Rule, Sink, Slot};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds `extra_advertise` that registers tasks in a whole ecosystem or superregion.
    ///
    /// ## Why it matters
    ///
    /// A wide location is expanded to every narrower one in it: tasks then register in many
    /// ZooKeeper clusters, and get requests from far away. The documentation's own example does so,
    /// hence this is advice.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   extra_advertise:
    ///     region:uswest1-prod: ["ecosystem:prod"]
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
    /// The documentation of `extra_advertise`; nerve-tools `configure_nerve`.
    "extra-advertise-large" in Smartstack,
    level: Info,
    blocks: Blocks::Nothing,
    check: Check::NamespaceEntry(Slot::known("extra_advertise"), check),
};

fn check(cx: &NamespaceCx<'_>, extra: &Located<'_>, sink: &mut Sink<'_>) {
    if extra.value.kind() != Kind::Map {
        return;
    }
    for entry in extra.value.entries().filter(|entry| entry.value.kind() == Kind::Seq) {
        for item in entry.value.items() {
            let Some((kind @ ("ecosystem" | "superregion"), _)) = item.as_str().and_then(typed) else {
                continue;
            };
            // Registering where one runs anyway is another matter.
            if item.as_str() == entry.key.as_str() {
                continue;
            }
            let location = item.as_str().unwrap_or_default();
            sink.report(
                cx.at(item.span(), format!("tasks register in every location of `{}`", shown(location)))
                    .label(format!("a whole {kind}"))
                    .why("that is many ZooKeeper clusters, and requests from far away")
                    .help("name the narrower locations that need it"),
            );
        }
    }
}
