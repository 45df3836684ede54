//! Memory in another unit than megabytes.

use crate::diagnostic::Edit;
use crate::rules::{Check, Fixable, InstanceCx, Located, Rule, Sink, Slot};
use crate::yaml::Style;

pub(crate) static RULE: Rule = rule! {
    /// Finds `mem` that looks like bytes, kilobytes or gigabytes.
    ///
    /// ## Why it matters
    ///
    /// `mem` counts megabytes. A million and more of them is no host; an instance with whole CPUs
    /// and less than 64 of them was probably meant to have gigabytes.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   mem: 1073741824
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   mem: 1024
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Dividing by 1024 or its square is a guess, and unsafe.
    ///
    /// ## Source
    ///
    /// The documentation of `mem`: "Memory (in MB)".
    "mem-unit-suspect" in Resources,
    level: Warning,
    fix: Fixable::Sometimes,
    check: Check::Entry(Slot::known("mem"), check),
};

/// A terabyte, in MB: no host of a Mesos cluster had so much.
const TOO_MUCH: f64 = 1_000_000.0;

/// PaaSTA refuses 32 and less.
const LEAST: f64 = 32.0;

/// As gigabytes these are hosts; as megabytes hardly a shell.
const LITTLE: f64 = 64.0;

fn check(cx: &InstanceCx<'_>, mem: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(amount) = mem.value.as_number().filter(|amount| amount.is_finite()) else { return };
    if amount >= TOO_MUCH {
        return too_much(cx, mem, sink);
    }
    let is_little = amount > LEAST && amount < LITTLE;
    if !is_little {
        return;
    }
    let Some(cpus) = cx.get("cpus") else { return };
    if cpus.value.as_number().is_some_and(|count| count >= 1.0) {
        sink.report(
            cx.at_value(
                mem,
                format!("`mem: {}` is very little beside `cpus: {}`", mem.value.repr(), cpus.value.repr()),
            )
            .label("these are megabytes")
            .related(cpus.value_place(), "as much CPU as a large instance")
            .why("the memory is a hard limit: a task that needs more is killed")
            .help("write megabytes: 1 GB is 1024"),
        );
    }
}

fn too_much(cx: &InstanceCx<'_>, mem: &Located<'_>, sink: &mut Sink<'_>) {
    const KB: i64 = 1024;
    let meant = mem.value.as_i64().and_then(|amount| match amount {
        _ if amount % (KB * KB) == 0 && amount / KB / KB > 32 => Some((amount / KB / KB, "bytes")),
        _ if amount % KB == 0 => Some((amount / KB, "kilobytes")),
        _ => None,
    });
    let finding = cx
        .at_value(mem, "`mem` counts megabytes, and this is a terabyte or more".to_owned())
        .why("no host has so much memory: the tasks wait for ever");
    let Some((megabytes, unit)) = meant else {
        sink.report(finding.label("in MB").help("write megabytes: 1 GB is 1024"));
        return;
    };
    let finding = finding.label(format!("as {unit} it is {megabytes} MB")).help(format!("write {megabytes}"));
    let is_simple = mem.value.style() == Style::Plain && !mem.value.is_alias();
    // Only the file of the finding can be edited, and it is the one that the value stands in.
    sink.report(if is_simple {
        let edit = Edit { span: mem.value.span(), text: megabytes.to_string() };
        finding.unsafe_fix(format!("write {megabytes}"), vec![edit])
    } else {
        finding
    });
}
