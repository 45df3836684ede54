//! Single tasks that run twice for a while.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances of a single task whose name speaks of work that should not be done twice, and
    /// whose bounce lets two of them run at the same time.
    ///
    /// ## Why it matters
    ///
    /// `crossover` and `upthendown` start the new task before the old one is stopped. For a batch, a
    /// consumer or a scheduler that is one of a kind, both then do the same work.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// scheduler:
    ///   instances: 1
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// scheduler:
    ///   instances: 1
    ///   bounce_method: downthenup
    /// ```
    ///
    /// ## Source
    ///
    /// PaaSTA's documentation of bouncing: `crossover` by default, `downthenup` for services of
    /// which only one copy may run.
    "single-instance-crossover" in Bounce,
    level: Info,
    on: On::kinds(&[FileKind::Marathon]),
    check: Check::Instance(check),
};

/// Parts of names of work that is most often done by one process.
const WORDS: [&str; 8] =
    ["batch", "consumer", "cron", "leader", "singleton", "scheduler", "tailer", "worker"];

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let name = cx.instance.name;
    if !name.split(['_', '-']).any(|part| WORDS.contains(&part)) || cx.set("max_instances").is_some() {
        return;
    }
    let is_single = match cx.set("instances") {
        Some(count) => count.value.as_i64() == Some(1),
        None => cx.get("instances").is_none(),
    };
    let method = match cx.set("bounce_method") {
        Some(located) => located.value.as_str(),
        None => Some("crossover"),
    };
    let Some(method @ ("crossover" | "upthendown")) = method.filter(|_| is_single) else { return };
    sink.report(
        cx.at_name(format!("two tasks run at the same time during each bounce by `{method}`"))
            .label("one task, and a name of work that one does")
            .why("both tasks do the same work until the old one is stopped")
            .help("if that is harmful, use `bounce_method: downthenup`")
            .absent(&["bounce_method"]),
    );
}
