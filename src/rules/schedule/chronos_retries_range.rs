//! How often a failed run is tried again.

use crate::model::kind::FileKind;
use crate::rules::{Check, Fixable, InstanceCx, Located, On, Rule, Sink, Slot};
use crate::yaml::edit;

pub(crate) static RULE: Rule = rule! {
    /// Finds values of `retries` below zero, which mean none, and above ten.
    ///
    /// ## Why it matters
    ///
    /// A negative number is no number of tries: Chronos takes it for none. Many retries hide a job that
    /// always fails: it starts again and again, and is late when somebody is told at last.
    ///
    /// ## Example
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   retries: -1
    ///   cmd: run
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml chronos-norcal-prod.yaml
    /// nightly:
    ///   schedule: 0 3 * * *
    ///   retries: 0
    ///   cmd: run
    /// ```
    ///
    /// ## Fix safety
    ///
    /// The number means the same.
    ///
    /// ## Source
    ///
    /// The documentation of `retries`; Chronos 2.5.0, where a negative value means no retry.
    "chronos-retries-range" in Schedule,
    level: Warning,
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Chronos]),
    check: Check::Entry(Slot::known("retries"), check),
};

/// More retries than this have no documented use.
const MOST: i64 = 10;

fn check(cx: &InstanceCx<'_>, retries: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(count) = retries.value.as_i64().filter(|count| !(0..=MOST).contains(count)) else { return };
    if count < 0 {
        sink.report(
            cx.at_value(retries, format!("`retries: {count}` means that a failed run is not tried again"))
                .label("taken for 0")
                .why("Chronos takes a negative number for none")
                .help("write `0` for none, or leave it out for 2")
                .safe_fix("write `0`", edit::write(retries.value, "0")),
        );
    } else {
        sink.report(
            cx.at_value(retries, format!("a failed run is tried again {count} times"))
                .label("very often")
                .why("a job that always fails keeps starting, and nobody is told before it has stopped")
                .help("two or three retries get over a passing failure"),
        );
    }
}
