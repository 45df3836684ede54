//! Date variables where nobody fills them in.

use crate::model::kind::FileKind;
use crate::rules::inside::Inside;
use crate::rules::written::{excerpt, written};
use crate::rules::{Check, DocumentCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds date variables such as `%(shortdate-1)s` in commands of Marathon and adhoc instances.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA fills them in for Chronos jobs only. Elsewhere the program gets the text as it is, or
    /// the shell stumbles over the parentheses.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: python -m report --day %(shortdate-1)s
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cmd: python -m report --day "$(date -d yesterday +%F)"
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `cmd` in chronos-*; paasta-tools 0.66.6 `chronos_tools:parse_time_variables`.
    "cmd-tron-in-marathon" in Command,
    level: Warning,
    on: On::keys(&["cmd"]).within(&[FileKind::Marathon, FileKind::Adhoc]),
    check: Check::Document(check),
};

/// The variables that PaaSTA knows.
const NAMES: [&str; 7] = ["shortdate", "year", "month", "day", "hour", "unixtime", "daynumber"];

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    for cmd in written(cx, "cmd") {
        let Some(text) = cmd.value.as_str() else { continue };
        let Some(found) = variable(text) else { continue };
        let shown = excerpt(text.get(found.clone()).unwrap_or_default());
        sink.report(
            cx.at(Inside::of(cmd.value, &found).span, format!("nobody fills in `{shown}` here"))
                .label("stays as it is")
                .why("date variables work in chronos-* only; the program gets this text")
                .help("let the command find out the date, as in `$(date +%F)`"),
        );
    }
}

/// The first date variable of a command.
fn variable(text: &str) -> Option<std::ops::Range<usize>> {
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find("%(") {
        let start = from + at;
        from = start + 2;
        let rest = text.get(from..)?;
        let word = rest.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        let Some(tail) = rest.get(word.len()..).filter(|_| NAMES.contains(&word)) else { continue };
        let offset = tail.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
        let mut end = offset.chars();
        if end.next() == Some(')') && end.next().is_some_and(|c| matches!(c, 's' | 'd')) {
            return Some(start..text.len() - offset.len() + 2);
        }
    }
    None
}
