//! A namespace without settings.

use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, NamespaceCx, Rule, Sink};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds SmartStack namespaces that are empty, or anything else than a mapping of settings.
    ///
    /// ## Why it matters
    ///
    /// The programs that configure Nerve and Synapse read the namespaces of every service on
    /// every host. One namespace that is not a mapping stops them: no service of the whole site
    /// gets its registrations and load balancers updated until the file is repaired.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
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
    /// paasta-tools 0.66.6 `long_running_service_tools:load_service_namespace_config`;
    /// synapse-tools `configure_synapse`.
    "namespace-not-mapping" in Smartstack,
    documented: Error, paasta_0_66: Error,
    blocks: Blocks::Smartstack,
    check: Check::Namespace(check),
};

fn check(cx: &NamespaceCx<'_>, sink: &mut Sink<'_>) {
    let value = cx.entry.value;
    let label = match value.kind() {
        Kind::Map => return,
        Kind::Null => "there is nothing in it",
        Kind::Seq | Kind::Set => "this is a list",
        _ => "this is a single value",
    };
    let span = if value.span().is_empty() { cx.entry.key.span() } else { value.span() };
    sink.report(
        cx.at(span, format!("the namespace `{}` has no settings", shown(cx.name)))
            .label(label)
            .why("it stops the configuration of SmartStack on every host, for all services")
            .help("give it at least a `proxy_port`, or remove it"),
    );
}
