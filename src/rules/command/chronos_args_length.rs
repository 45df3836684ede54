//! Arguments that are too long for the id of a task.

use crate::model::kind::FileKind;
use crate::rules::{Blocks, Check, InstanceCx, Located, On, Rule, Sink, Slot};
use crate::yaml::{Kind, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds Chronos jobs whose name and `args` do not fit into the id of a task.
    ///
    /// ## Why it matters
    ///
    /// Chronos makes the id of a task of the time, the name of the job and all arguments. The agent
    /// makes a directory of that name, and 255 bytes is the longest name that a directory can have:
    /// the task is lost each time before it starts.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// export:
    ///   schedule: "0 4 * * *"
    ///   args:
    ///     - python -m export --tables users,orders,invoices,payments,refunds,shipments,returns,reviews,ratings
    ///     - --since yesterday --until today --format parquet --compression snappy --partitions 64 --retries 3
    ///     - --notify ops@example.com --on-failure page --label nightly-export-of-all-tables
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// export:
    ///   schedule: "0 4 * * *"
    ///   cmd: >-
    ///     python -m export --tables users,orders,invoices,payments,refunds,shipments,returns,reviews,ratings
    ///     --since yesterday --until today --format parquet --compression snappy --partitions 64 --retries 3
    ///     --notify ops@example.com --on-failure page --label nightly-export-of-all-tables
    /// ```
    ///
    /// ## Source
    ///
    /// Chronos 2.5: the id is `ct:<time in ms>:<attempt>:<job>:<arguments>`; its issue 793.
    "chronos-args-length" in Command,
    // Documented, and nothing in the documentation says how long they may be.
    level: Warning (Paasta066: Error),
    // The payload can be built, and only the agent fails.
    blocks: Blocks::Nothing,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("args"), check),
};

/// Longest name of a file on Linux, in bytes.
const LONGEST: usize = 255;
/// `ct:`, thirteen digits, `:`, one digit, `:`, and the `:` before the arguments.
const AROUND: usize = 20;

fn check(cx: &InstanceCx<'_>, args: &Located<'_>, sink: &mut Sink<'_>) {
    if args.value.kind() != Kind::Seq || args.value.is_empty() {
        return;
    }
    // Beside a command they are refused, which is a finding of its own.
    if cx.set("cmd").is_some() {
        return;
    }
    // With a slash no length would do: the same move into `cmd` settles both.
    if args.value.items().any(|arg| arg.as_str().is_some_and(|text| text.contains('/'))) {
        return;
    }
    let length = |arg: Value<'_>| if arg.kind() == Kind::Str { arg.text().len() } else { 0 };
    // The arguments with a blank between each two of them.
    let joined: usize = args.value.items().map(length).sum::<usize>() + args.value.len() - 1;
    // PaaSTA sends `service job`.
    let name = cx.service.name.len() + 1 + cx.instance.name.len();
    let all = AROUND + name + joined;
    if all <= LONGEST {
        return;
    }
    sink.report(
        cx.at_key(args, format!("with these `args` the id of a task has {all} bytes, more than {LONGEST}"))
            .label(format!("{joined} bytes in all"))
            .why("the agent cannot make a directory of that name, so the job never runs")
            .help("put the whole command into `cmd`, which is no part of the id"),
    );
}
