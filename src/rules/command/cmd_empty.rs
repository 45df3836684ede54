//! A command that is empty.

use crate::rules::written::written;
use crate::rules::{Check, DocumentCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds a `cmd` without any text in it.
    ///
    /// ## Why it matters
    ///
    /// An empty command is not the same as none: PaaSTA takes it for a command (`args` beside it is
    /// refused), Marathon's client drops it, and Chronos runs an empty shell that ends at once. If
    /// the image's own command is meant, leave `cmd` out.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: ""
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: exec bin/serve
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `utils:InstanceConfig.get_args`; the Marathon client, which drops empty
    /// values.
    "cmd-empty" in Command,
    level: Warning,
    on: On::keys(&["cmd"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for cmd in written(cx, "cmd") {
        if cmd.value.as_str().is_some_and(|text| text.trim().is_empty()) {
            sink.report(
                cx.at(cmd.value.span(), "the command is empty")
                    .label("nothing to run")
                    .why("an empty command counts as given, and runs nothing")
                    .help("write the command, or remove `cmd` to run the image's own"),
            );
        }
    }
}
