//! Headers where there are none.

use crate::rules::{Check, Located, NamespaceCx, Rule, Sink, Slot};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds `extra_headers` in namespaces with `mode: tcp`.
    ///
    /// ## Why it matters
    ///
    /// In mode tcp HAProxy passes bytes on without looking at them. There are no requests to add
    /// headers to, so the setting does nothing.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   mode: tcp
    ///   extra_headers: {X-Mode: ro}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   extra_headers: {X-Mode: ro}
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `extra_headers`: "for use in http mode".
    "extra-headers-tcp" in Smartstack,
    level: Warning,
    check: Check::NamespaceEntry(Slot::known("extra_headers"), check),
};

fn check(cx: &NamespaceCx<'_>, headers: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(mode) = cx.set("mode").filter(|mode| mode.value.as_str() == Some("tcp")) else { return };
    if headers.value.kind() != Kind::Map || headers.value.is_empty() {
        return;
    }
    sink.report(
        cx.at(headers.key.span(), "`extra_headers` does nothing in mode tcp")
            .label("there are no requests to add headers to")
            .related(mode.value_place(), "the mode is set here")
            .why("HAProxy passes bytes on in mode tcp and does not know about headers")
            .help("remove `extra_headers`, or use `mode: http`"),
    );
}
