//! `cmd` and `args` in one instance.

use crate::rules::{Check, InstanceCx, Located, Rule, Sink, Slot};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances that set both `cmd` and `args`.
    ///
    /// ## Why it matters
    ///
    /// A container is started either with a shell command (`cmd`) or with arguments for the
    /// image's entrypoint (`args`). PaaSTA refuses an instance that has both, but only when it
    /// builds the payload: `paasta validate` accepts it, and the instance is then never
    /// deployed. Even an empty `cmd: ""` or `args: []` counts as given, and so does a value
    /// that comes from service.yaml.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: python -m example.web
    ///   args: ["--port", "8888"]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: python -m example.web --port 8888
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `cmd` and `args` with its footnote 1; paasta-tools 0.66.6
    /// `utils:InstanceConfig.get_args`.
    "cmd-and-args" in Command,
    level: Error,
    check: Check::Entry(Slot::known("args"), check),
};

fn check(cx: &InstanceCx<'_>, args: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(cmd) = cx.set("cmd").filter(|_| !args.value.is_null()) else { return };
    let name = cx.instance.name;
    // Point at the one that comes second: that is the line somebody added.
    let (first, second) = if comes_first(&cmd, args) { (&cmd, args) } else { (args, &cmd) };
    let (first_key, second_key) = (key(first), key(second));
    sink.report(
        cx.at_key(second, format!("`{name}` sets both `cmd` and `args`"))
            .label(format!("`{second_key}` cannot stand beside `{first_key}`"))
            .related(first.key_place(), format!("`{first_key}` is set here"))
            .why("PaaSTA refuses to build this instance, so it is never deployed")
            .help(
                "keep `cmd` for a shell command, or `args` for the image's entrypoint, and remove the other",
            )
            .identity("cmd and args"),
    );
}

fn key<'a>(located: &Located<'a>) -> &'a str {
    located.key.as_str().unwrap_or_default()
}

fn comes_first(a: &Located<'_>, b: &Located<'_>) -> bool {
    a.document.file > b.document.file
        || (a.document.file == b.document.file && a.key.span().start < b.key.span().start)
}
