//! Names that make a path too long.

use crate::rules::support::registered::has_port;
use crate::rules::written::excerpt;
use crate::rules::{Blocks, Check, NamespaceCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds load-balanced namespaces whose name, with that of their service, is longer than 55 characters.
    ///
    /// ## Why it matters
    ///
    /// The file names of sockets that HAProxy makes for each `service.namespace` may have about 100
    /// characters in all, with the directory and what HAProxy itself appends. With longer names HAProxy
    /// does not start, on every host that sees the namespace.
    ///
    /// ## Example
    ///
    /// ```yaml recommendations_for_people_who_like_recommendations/smartstack.yaml
    /// main_with_cache:
    ///   proxy_port: 20001
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml recommendations/smartstack.yaml
    /// main_with_cache:
    ///   proxy_port: 20001
    /// ```
    ///
    /// ## Source
    ///
    /// The limit of 108 bytes for the name of a socket (unix(7)); `paasta validate` of later versions
    /// allows 55 characters.
    "service-name-length" in Names,
    level: Warning,
    blocks: Blocks::Smartstack,
    on: On::keys(&["proxy_port"]),
    check: Check::Namespace(check),
};

/// Most characters of service and namespace together.
const LONGEST: usize = 55;

fn check(cx: &NamespaceCx<'_>, sink: &mut Sink<'_>) {
    let length = cx.service.name.len() + cx.name.len();
    if length <= LONGEST || !has_port(cx) {
        return;
    }
    sink.report(
        cx.at_name(format!("`{}` is too long a name together with its service's", excerpt(cx.name)))
            .label(format!("{length} characters in all"))
            .why("HAProxy may not start: a socket's file name would be too long")
            .help(format!("shorten the names to {LONGEST} characters in all")),
    );
}
