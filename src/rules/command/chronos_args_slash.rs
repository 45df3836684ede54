//! `/` in the arguments of a Chronos job.

use crate::model::kind::FileKind;
use crate::rules::written::{excerpt, written};
use crate::rules::{Check, DocumentCx, On, Rule, Sink};
use crate::secret::holds_secret;

pub(crate) static RULE: Rule = rule! {
    /// Finds arguments of Chronos jobs with a `/` or a control character.
    ///
    /// ## Why it matters
    ///
    /// Chronos makes the arguments of a job a part of its task's id. Mesos refuses an id with a slash or
    /// a control character, so the job never starts, and such a job has stopped all other jobs
    /// of a Chronos before. A command in `cmd` does not become part of the id.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// import:
    ///   schedule: 0 5 * * *
    ///   args: [import, --from, /nail/srv/incoming]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// import:
    ///   schedule: 0 5 * * *
    ///   cmd: exec bin/import --from /nail/srv/incoming
    /// ```
    ///
    /// ## Source
    ///
    /// Chronos issues 568 and 604. The documentation knows no such limit, so the dialect
    /// `documented` warns.
    "chronos-args-slash" in Command,
    level: Warning (Paasta066: Error),
    on: On::keys(&["args"]).within(&[FileKind::Chronos]),
    check: Check::Document(check),
};

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for args in written(cx, "args") {
        // One finding for one list: the repair is the same for all.
        let bad = |text: &str| text.contains(|c: char| c == '/' || c.is_control());
        let Some(item) = args.value.items().find(|item| item.as_str().is_some_and(bad)) else { continue };
        let text = item.as_str().unwrap_or_default();
        let what = if text.contains('/') { "a `/`" } else { "a control character" };
        let message = if holds_secret(text) {
            format!("an argument of this Chronos job has {what}")
        } else {
            format!("the argument `{}` of a Chronos job has {what}", excerpt(text))
        };
        sink.report(
            cx.at(item.span(), message)
                .label("becomes part of the task's id")
                .why("Mesos refuses a task id with such a character: the job never starts, and can hold up others")
                .help("use `cmd` instead of `args`: `cmd: exec <program> <arguments>`"),
        );
    }
}
