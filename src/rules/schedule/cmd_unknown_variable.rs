//! Date strings with an unknown name.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::tron::{self, ItemKind};
use crate::suggest::nearest;

pub(crate) static RULE: Rule = rule! {
    /// Finds date strings in the `cmd` of a Chronos job whose name PaaSTA does not know.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA refuses a command with an unknown name. It knows `shortdate`, `year`, `month`, `day`,
    /// `hour`, `unixtime` and `daynumber`; other variables of Tron do not exist here.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   cmd: report --day %(yesterday)s
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   cmd: report --day %(shortdate-1)s
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `chronos_tools:parse_time_variables` and `tron/tron_timeutils.py`.
    "cmd-unknown-variable" in Schedule,
    level: Error,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("cmd"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some((cmd, items)) = jobs::date_strings(cx, located) else { return };
    let unknown = items.into_iter().filter(|item| matches!(item.kind, ItemKind::UnknownName(_)));
    for item in unknown.take(jobs::MOST) {
        let ItemKind::UnknownName(range) = item.kind else { continue };
        let name = cmd.get(range.clone()).unwrap_or("");
        let shown = if range.is_empty() { &item.range } else { &range };
        let message = if name.is_empty() {
            "a date string without a name".to_owned()
        } else {
            format!("PaaSTA knows no date string `{}`", jobs::shown(name))
        };
        let word = name.split(['+', '-']).next().unwrap_or("").trim();
        let help = match (word, nearest(word, tron::VARIABLES)) {
            ("yesterday", _) => "write `%(shortdate-1)s`".to_owned(),
            ("tomorrow", _) => "write `%(shortdate+1)s`".to_owned(),
            ("date" | "today" | "ds", _) => "write `%(shortdate)s`".to_owned(),
            (_, Some(meant)) => format!("did you mean `{meant}`?"),
            (_, None) => format!("use one of {}, or `%%(` for the text itself", tron::VARIABLES.join(", ")),
        };
        sink.report(
            cx.at_range(located, shown, message)
                .0
                .label("unknown name")
                .why("PaaSTA cannot make a command of it and refuses the job")
                .help(help),
        );
    }
}
