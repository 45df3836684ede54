//! Parts of a date string that have no effect.

use crate::model::kind::FileKind;
use crate::rules::inside::replace;
use crate::rules::{Check, Fixable, InstanceCx, Located, On, Rule, Sink, Slot, jobs};
use crate::schedule::tron::ItemKind;

pub(crate) static RULE: Rule = rule! {
    /// Finds date strings with text after the name that PaaSTA ignores, such as the step in
    /// `%(shortdate -1)s`.
    ///
    /// ## Why it matters
    ///
    /// A step stands directly after the name: `%(shortdate-1)s`. After a blank, or with a unit, it
    /// is ignored without a word, and the command gets another date than it seems.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   cmd: report --day %(shortdate -1)s
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
    /// ## Fix safety
    ///
    /// The command gets another date than before.
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `chronos_tools:parse_time_variables` and `tron/tron_timeutils.py`: the
    /// pattern is matched at the beginning only.
    "cmd-variable-suffix" in Schedule,
    level: Warning,
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("cmd"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some((cmd, items)) = jobs::date_strings(cx, located) else { return };
    let mut found = 0;
    for item in items {
        let ItemKind::Date(date) = item.kind else { continue };
        let ignored = cmd.get(date.ignored.clone()).unwrap_or("");
        if ignored.is_empty() {
            continue;
        }
        found += 1;
        if found > jobs::MOST {
            break;
        }
        let (finding, inside) = cx.at_range(
            located,
            &date.ignored,
            format!("PaaSTA ignores `{}` in this date string", jobs::shown(ignored)),
        );
        let finding = finding.label("ignored").why(format!(
            "the command gets the date of `%({}{})s`",
            date.name,
            step(date.delta)
        ));
        let bare: String = ignored.chars().filter(|c| !c.is_whitespace()).collect();
        let is_step = date.delta == 0
            && bare
                .strip_prefix(['+', '-'])
                .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        sink.report(if is_step {
            let finding = finding.help(format!("write `%({}{})s`", date.name, jobs::shown(&bare)));
            match replace(inside, bare) {
                Some(edits) => finding.unsafe_fix("make the step count", edits),
                None => finding,
            }
        } else {
            finding.help("write the step as a bare number directly after the name: `%(shortdate-1)s`")
        });
    }
}

fn step(delta: i64) -> String {
    if delta == 0 { String::new() } else { format!("{delta:+}") }
}
