//! Date strings in args.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot};
use crate::schedule::tron::{self, ItemKind};
use crate::yaml::Kind;

pub(crate) static RULE: Rule = rule! {
    /// Finds date strings such as `%(shortdate)s` in the `args` of a Chronos job.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA fills dates into `cmd` only. In `args` the text stays as it is, and the program gets
    /// `%(shortdate)s`. It is advice and off by default.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   args: [report, "%(shortdate)s"]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   cmd: report %(shortdate)s
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `chronos_tools:ChronosJobConfig`: only `cmd` is parsed for dates.
    "args-percent" in Schedule,
    level: Info,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("args"), check),
};

fn check(cx: &InstanceCx<'_>, args: &Located<'_>, sink: &mut Sink<'_>) {
    if args.value.kind() != Kind::Seq {
        return;
    }
    let holds_date = |arg: &str| {
        let items = || tron::items(arg).into_iter();
        arg.len() < LONGEST
            && arg.contains("%(")
            && items().any(|item| matches!(item.kind, ItemKind::Date(_)))
    };
    let Some(arg) = args.value.items().find(|arg| arg.as_str().is_some_and(holds_date)) else { return };
    sink.report(
        cx.at_part(args, arg, "dates are not filled into `args`")
            .label("stays as it is")
            .why("PaaSTA fills dates into `cmd` only, so the program gets this text")
            .help("write the command as `cmd`"),
    );
}

/// Longest argument that is searched, in bytes.
const LONGEST: usize = 4096;
