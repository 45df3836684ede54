//! Capabilities that reach beyond the container.

use crate::diagnostic::{Finding, Severity};
use crate::rules::support::capabilities::{self, Nature};
use crate::rules::{Check, DocumentCx, Level, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds capabilities in `cap_add` that open a way out of the container.
    ///
    /// ## Why it matters
    ///
    /// A process with `SYS_ADMIN`, `SYS_MODULE` or `ALL` can take over the host, and with it every
    /// other service that runs there. The documentation's own example adds `SYS_PTRACE`, so that one
    /// is advice only.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cap_add: [SYS_ADMIN]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cap_add: [IPC_LOCK]
    /// ```
    ///
    /// ## Source
    ///
    /// capabilities(7).
    "cap-dangerous" in Security,
    level: Warning,
    also: &[Level::Info],
    on: On::keys(&["cap_add"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for list in capabilities::lists(cx) {
        for item in list.items().filter(|item| item.is_alias() == list.is_alias()) {
            let finding = |known: &str, why: &'static str| -> Finding {
                cx.at(item.span(), format!("the capability `{known}` reaches beyond the container"))
                    .label(why)
                    .why("whoever gets into the container gets at the host, and at every service there")
                    .help("remove it if the service can do without, or add the narrow one that it needs")
            };
            match item.as_str().and_then(capabilities::find) {
                Some((known, Nature::Dangerous(why))) => sink.report(finding(known, why)),
                Some((known, Nature::Tracing)) => {
                    let why = "it looks into other processes of its user";
                    sink.report(finding(known, why).severity(Severity::Info));
                }
                _ => {}
            }
        }
    }
}
