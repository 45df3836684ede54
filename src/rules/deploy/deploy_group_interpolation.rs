//! Braces in `deploy_group`.

use crate::emit::python;
use crate::rules::support::deploy_groups::FIELDS;
use crate::rules::support::format_string::{Piece, Unbalanced, parse};
use crate::rules::support::words::shown;
use crate::rules::{Check, InstanceCx, Located, Rule, Sink, Slot};
use crate::suggest;

pub(crate) static RULE: Rule = rule! {
    /// Finds `deploy_group` values whose braces Python cannot fill in.
    ///
    /// ## Why it matters
    ///
    /// `deploy_group` is a Python format string: `{cluster}`, `{instance}` and `{service}` are
    /// replaced. Any other name in braces, or a brace alone, raises an error each time the
    /// instance is looked at: it cannot be deployed, scaled, or even listed.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   deploy_group: "{clustername}.main"
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   deploy_group: "{cluster}.main"
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `utils:InstanceConfig`.
    "deploy-group-interpolation" in Deploy,
    level: Error,
    check: Check::Entry(Slot::known("deploy_group"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(text) = located.value.as_str().filter(|text| text.contains(['{', '}'])) else { return };
    let (message, label, help) = match parse(text) {
        Err(Unbalanced::Open) => (
            "a `{` in the deploy group is never closed".to_owned(),
            "this is a format string",
            DOUBLE.to_owned(),
        ),
        Err(Unbalanced::Close) => (
            "a `}` in the deploy group closes nothing".to_owned(),
            "this is a format string",
            DOUBLE.to_owned(),
        ),
        Ok(pieces) => {
            let unknown = pieces.into_iter().find_map(|piece| match piece {
                Piece::Field { name, .. } if !FIELDS.contains(&name) => Some(name),
                _ => None,
            });
            let Some(name) = unknown else {
                return unusable(cx, located, text, sink);
            };
            let help = match suggest::nearest(name, FIELDS.iter().copied()) {
                Some(field) => format!("did you mean `{{{field}}}`?"),
                None => "use `{cluster}`, `{instance}` or `{service}`".to_owned(),
            };
            (
                format!("`{}` in the deploy group means nothing", shown(&format!("{{{name}}}"))),
                "cannot be filled in",
                help,
            )
        }
    };
    sink.report(
        cx.at_value(located, message)
            .label(label)
            .why("PaaSTA fails with an error each time it looks at this instance")
            .help(help),
    );
}

/// Reports a field with a known name that cannot be filled in all the same.
fn unusable(cx: &InstanceCx<'_>, located: &Located<'_>, text: &str, sink: &mut Sink<'_>) {
    let instance = &cx.instance;
    let arguments =
        [("cluster", instance.cluster), ("instance", instance.name), ("service", cx.service.name.as_str())];
    let Err(exception) = python::format(text, &arguments) else { return };
    sink.report(
        cx.at_value(located, format!("the deploy group cannot be filled in: {}", exception.message))
            .label("this is a format string")
            .why("PaaSTA fails with an error each time it looks at this instance")
            .help("use plain `{cluster}`, `{instance}` or `{service}`"),
    );
}

const DOUBLE: &str = "close it, or double the brace if it is meant literally";
