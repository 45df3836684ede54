//! Keys of namespaces that only programs know.

use crate::rules::{Blocks, Check, NamespaceCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds keys of smartstack.yaml that the tools read and the documentation does not name.
    ///
    /// ## Why it matters
    ///
    /// What is not documented can change or go away with the next version of the tools, and the
    /// reader of the file can look it up nowhere.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   balance: roundrobin
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
    /// The documentation of smartstack.yaml; nerve-tools and synapse-tools of 2017.
    "smartstack-undocumented-key" in Smartstack,
    level: Info,
    blocks: Blocks::Nothing,
    on: On::keys(&["healthcheck_port", "healthcheck_body_expect", "balance", "chaos", "fixed_delay", "keepalive", "plugins", "endpoint_timeouts"]),
    check: Check::Namespace(check),
};

/// What is read, and by whom.
const KEYS: &[(&str, &str)] = &[
    ("healthcheck_port", "nerve-tools"),
    ("healthcheck_body_expect", "nerve-tools"),
    ("balance", "synapse-tools"),
    ("chaos", "synapse-tools"),
    ("fixed_delay", "synapse-tools"),
    ("keepalive", "synapse-tools"),
    ("plugins", "synapse-tools"),
    ("endpoint_timeouts", "synapse-tools"),
];

fn check(cx: &NamespaceCx<'_>, sink: &mut Sink<'_>) {
    for (key, reader) in KEYS {
        let Some(found) = cx.get(key) else { continue };
        sink.report(
            cx.at(found.key.span(), format!("`{key}` is not documented"))
                .label(format!("only {reader} knows it"))
                .why("it can change or go away with the next version of the tools")
                .help("leave a comment that says what it is for, or do without it"),
        );
    }
}
