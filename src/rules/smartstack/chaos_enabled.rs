//! Faults that are injected on purpose.

use crate::rules::{Blocks, Check, NamespaceCx, On, Rule, Sink};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds `chaos` and `fixed_delay`, with which HAProxy makes requests fail or wait on purpose.
    ///
    /// ## Why it matters
    ///
    /// Both are for experiments. Left in the file, they go on failing the requests of every client
    /// in the locations they name, and nobody thinks of smartstack.yaml when looking for the reason.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   chaos:
    ///     ecosystem:
    ///       stagec: {fail: drop}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    /// ```
    ///
    /// ## Source
    ///
    /// synapse-tools `configure_synapse`; neither key is documented.
    "chaos-enabled" in Smartstack,
    level: Warning,
    blocks: Blocks::Nothing,
    supersedes: &["smartstack-undocumented-key"],
    on: On::keys(&["chaos", "fixed_delay"]),
    check: Check::Namespace(check),
};

fn check(cx: &NamespaceCx<'_>, sink: &mut Sink<'_>) {
    for (key, effect) in [("chaos", "fail"), ("fixed_delay", "wait")] {
        let Some(found) =
            cx.set(key).filter(|found| found.value.kind() == Kind::Map && !found.value.is_empty())
        else {
            continue;
        };
        sink.report(
            cx.at(found.key.span(), format!("`{key}` makes requests {effect} on purpose"))
                .label("an experiment")
                .why("every client in the locations it names is hit until it is removed")
                .help("remove it when the experiment is over"),
        );
    }
}
