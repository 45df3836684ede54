//! Namespaces for discovery only.

use crate::rules::support::words::shown;
use crate::rules::{Check, Located, NamespaceCx, Rule, Sink, Slot};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds `proxy_port: null`, which paasta-tools 0.66 does not register.
    ///
    /// ## Why it matters
    ///
    /// The documentation says that such a namespace is for discovery only: hosts learn where the
    /// tasks are, but HAProxy has no listener. paasta-tools 0.66 leaves the namespace out when it
    /// registers tasks, so there is nothing to discover.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: null
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
    /// The documentation of `proxy_port`; paasta-tools 0.66.6
    /// `marathon_tools:get_marathon_services_running_here_for_nerve`.
    "proxy-port-null-broken" in Smartstack,
    level: Info (Paasta066: Warning),
    check: Check::NamespaceEntry(Slot::known("proxy_port"), check),
};

fn check(cx: &NamespaceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    if located.value.kind() != Kind::Null {
        return;
    }
    sink.report(
        cx.at_value(located, format!("paasta-tools 0.66 does not register `{}`", shown(cx.name)))
            .label("discovery only")
            .why("a namespace without a port is skipped when tasks register, so nobody finds them")
            .help("give it a port even if no client will use it"),
    );
}
