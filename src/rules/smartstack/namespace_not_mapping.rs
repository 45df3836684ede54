//! A namespace without settings.

use crate::diagnostic::Finding;
use crate::model::keys;
use crate::model::kind::FileKind;
use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, NamespaceCx, On, Rule, ServiceCx, Sink, namespaces_of};
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
    level: Error,
    blocks: Blocks::Smartstack,
    on: On::kinds(&[FileKind::Smartstack, FileKind::Service]),
    speaks_for: Some(|error| {
        error.kind == FileKind::Smartstack && error.problem.is_type() && error.problem.path.len() == 1
    }),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let record = keys::entry_record(FileKind::Smartstack);
    let mut says_outside = false;
    for namespace in namespaces_of(cx.env, cx.service) {
        if namespace.entry.value.kind() == Kind::Map {
            continue;
        }
        // The form of 2014, before there were namespaces: once is enough.
        if record.is_some_and(|record| record.key(namespace.name).is_some()) {
            if !says_outside {
                sink.report(outside(&namespace));
            }
            says_outside = true;
            continue;
        }
        sink.report(empty(&namespace));
    }
}

const WHY: &str = "it stops the configuration of SmartStack on every host, for all services";

fn outside(namespace: &NamespaceCx<'_>) -> Finding {
    namespace
        .at_name(format!("`{}` stands outside of a namespace", shown(namespace.name)))
        .label("taken for a namespace of this name")
        .why(WHY)
        .help("put the settings into a namespace: a line `main:`, and the settings indented below it")
}

fn empty(namespace: &NamespaceCx<'_>) -> Finding {
    let value = namespace.entry.value;
    let label = match value.kind() {
        Kind::Null => "there is nothing in it",
        Kind::Seq | Kind::Set => "this is a list",
        _ => "this is a single value",
    };
    let span = if value.span().is_empty() { namespace.entry.key.span() } else { value.span() };
    namespace
        .at(span, format!("the namespace `{}` has no settings", shown(namespace.name)))
        .label(label)
        .why(WHY)
        .help("give it at least a `proxy_port`, or remove it")
}
