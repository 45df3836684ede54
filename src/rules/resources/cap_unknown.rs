//! Capabilities that Docker does not know.

use crate::diagnostic::Severity;
use crate::rules::support::capabilities::{self, CAPABILITIES, Nature};
use crate::rules::support::edits::replace;
use crate::rules::support::words::shown;
use crate::rules::{Check, DocumentCx, Fixable, Level, On, Rule, Sink};
use crate::suggest::nearest;
use crate::yaml::Value;

pub(crate) static RULE: Rule = rule! {
    /// Finds items of `cap_add` that Docker does not take for a capability.
    ///
    /// ## Why it matters
    ///
    /// Docker refuses to start a container with a capability that it does not know. Names are written
    /// without `CAP_`: only some versions of Docker take the prefix. Small letters are accepted, and
    /// advice.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cap_add: [SYS_PTRACER]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cap_add: [SYS_PTRACE]
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Writing a known name without its prefix or in capitals is safe; choosing another name is not.
    ///
    /// ## Source
    ///
    /// The capabilities of Linux (`uapi/linux/capability.h`), and those of Docker 17.
    "cap-unknown" in Resources,
    level: Error,
    also: &[Level::Warning, Level::Info],
    fix: Fixable::Sometimes,
    on: On::keys(&["cap_add"]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for list in capabilities::lists(cx) {
        for item in list.items().filter(|item| item.is_alias() == list.is_alias()) {
            let Some(name) = item.as_str() else { continue };
            match capabilities::find(name) {
                Some((known, Nature::New)) => new(cx, item, known, sink),
                Some((known, _)) if known != name => odd_spelling(cx, item, name, known, sink),
                Some(_) => {}
                None => unknown(cx, item, name, sink),
            }
        }
    }
}

fn unknown(cx: &DocumentCx<'_>, item: Value<'_>, name: &str, sink: &mut Sink<'_>) {
    let near = nearest(name, CAPABILITIES.iter().map(|(known, _)| *known));
    let message = match name {
        "" => "an empty text is no capability".to_owned(),
        _ => format!("Docker knows no capability `{}`", shown(name)),
    };
    let mut finding = cx.at(item.span(), message).why("Docker refuses to start the container");
    finding = match near {
        Some(near) => finding.label(format!("did you mean `{near}`?")).help(format!("write `{near}`")),
        None => finding
            .label("unknown capability")
            .help("write the name of a Linux capability without `CAP_`, such as `IPC_LOCK`"),
    };
    if let Some(near) = near
        && let Some(edits) = replace(item, near)
    {
        finding = finding.unsafe_fix(format!("write `{near}`"), edits);
    }
    sink.report(finding);
}

fn new(cx: &DocumentCx<'_>, item: Value<'_>, known: &str, sink: &mut Sink<'_>) {
    sink.report(
        cx.at(item.span(), format!("the capability `{known}` is newer than the Docker of PaaSTA's time"))
            .label("not known in 2017")
            .why("a Docker that does not know it refuses to start the container")
            .help("make sure that the Docker of every host knows it")
            .severity(Severity::Warning),
    );
}

fn odd_spelling(cx: &DocumentCx<'_>, item: Value<'_>, name: &str, known: &str, sink: &mut Sink<'_>) {
    let has_prefix = name.len() != known.len();
    let finding = if has_prefix {
        cx.at(item.span(), format!("`{name}` is written with `CAP_`"))
            .label("only some versions of Docker take the prefix")
            .why("other versions refuse to start the container")
            .severity(Severity::Warning)
    } else {
        cx.at(item.span(), format!("`{name}` is not written in capitals"))
            .label("accepted, but unusual")
            .why("people search for capabilities by their names")
            .severity(Severity::Info)
    };
    let finding = finding.help(format!("write `{known}`"));
    sink.report(match replace(item, known) {
        Some(edits) => finding.safe_fix(format!("write `{known}`"), edits),
        None => finding,
    });
}
