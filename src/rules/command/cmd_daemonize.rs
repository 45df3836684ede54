//! Commands that go into the background.

use crate::model::kind::FileKind;
use crate::rules::written::written;
use crate::rules::{Check, DocumentCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds commands that start something in the background and end.
    ///
    /// ## Why it matters
    ///
    /// A container lives as long as its first process. When the command ends, whatever it started in
    /// the background is killed, and Marathon starts the task anew, over and over.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: nohup python -m server &
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: exec python -m server
    /// ```
    ///
    /// ## Source
    ///
    /// PaaSTA's contract for services: the process stays in the foreground.
    "cmd-daemonize" in Command,
    // What a script does after that is not seen here.
    level: Info,
    on: On::keys(&["cmd"]).within(&[FileKind::Marathon]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for cmd in written(cx, "cmd") {
        let Some(label) = cmd.value.as_str().and_then(sign) else { continue };
        sink.report(
            cx.at(cmd.value.span(), "this command may go into the background and end")
                .label(label)
                .why("the container ends with its first process, and the task is started over and over")
                .help("run the program in the foreground, with `exec` before it"),
        );
    }
}

/// What gives it away.
fn sign(cmd: &str) -> Option<&'static str> {
    let cmd = cmd.trim();
    if cmd.ends_with('&') && !cmd.ends_with("&&") {
        return Some("`&` at the end");
    }
    let mut words = cmd.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some("nohup"), ..) => Some("`nohup`"),
        (Some("service"), Some(_), Some("start" | "restart"))
        | (Some("systemctl"), Some("start" | "restart"), _) => Some("starts a service of the system"),
        _ => None,
    }
}
