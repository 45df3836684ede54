//! Chronos commands that look like an address.

use crate::diagnostic::Edit;
use crate::model::kind::FileKind;
use crate::rules::written::written;
use crate::rules::{Check, DocumentCx, Fixable, On, Rule, Sink};
use crate::source::Span;
use crate::yaml::Style;

pub(crate) static RULE: Rule = rule! {
    /// Finds commands of Chronos jobs that start with `http` or `ftp`.
    ///
    /// ## Why it matters
    ///
    /// Chronos takes a command that starts so for an address: it downloads what is there and runs
    /// that. A command such as `httpie ...` or `http-probe ...` is never run.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// probe:
    ///   schedule: 0 5 * * *
    ///   cmd: http-probe --all
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// probe:
    ///   schedule: 0 5 * * *
    ///   cmd: exec http-probe --all
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Unsafe: with `exec` before it, what was downloaded so far is run as a command.
    ///
    /// ## Source
    ///
    /// Chronos 2.5, which makes a URI of such a command.
    "cmd-http-prefix" in Command,
    level: Error,
    fix: Fixable::Sometimes,
    on: On::keys(&["cmd"]).within(&[FileKind::Chronos]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for cmd in written(cx, "cmd") {
        let Some(text) = cmd.value.as_str() else { continue };
        let Some(prefix) = ["http", "ftp"].into_iter().find(|prefix| text.starts_with(prefix)) else {
            continue;
        };
        let mut finding = cx
            .at(
                cmd.value.span(),
                format!("Chronos takes a command that starts with `{prefix}` for an address"),
            )
            .label("downloaded, not run")
            .why("Chronos downloads the address and runs what it finds there; this command is never run")
            .help("write `exec` before it");
        let quote = match cmd.value.style() {
            Style::Plain => Some(0),
            Style::Single | Style::Double => Some(1),
            _ => None,
        };
        if let Some(quote) = quote {
            let edit = Edit { span: Span::at(cmd.value.span().start + quote), text: "exec ".to_owned() };
            finding = finding.unsafe_fix("write `exec` before it", vec![edit]);
        }
        sink.report(finding);
    }
}
