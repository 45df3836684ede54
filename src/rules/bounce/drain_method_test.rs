//! The drain method that is for tests of PaaSTA.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot};

pub(crate) static RULE: Rule = rule! {
    /// Finds `drain_method: test`, which only pretends to drain.
    ///
    /// ## Why it matters
    ///
    /// The method is for tests of PaaSTA itself. It remembers which tasks it was asked to drain, and
    /// does nothing to them: they are killed in the middle of their requests.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   drain_method: test
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   drain_method: hacheck
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `drain_lib:TestDrainMethod`; its schema accepts the word.
    "drain-method-test" in Bounce,
    level: Warning,
    on: On::kinds(&[FileKind::Marathon]),
    check: Check::Entry(Slot::known("drain_method"), check),
};

fn check(cx: &InstanceCx<'_>, method: &Located<'_>, sink: &mut Sink<'_>) {
    if method.value.as_str() != Some("test") {
        return;
    }
    sink.report(
        cx.at_value(method, "drain method `test` only pretends to drain")
            .label("for tests of PaaSTA itself")
            .why("tasks are killed in the middle of their requests")
            .help("use `hacheck`, or `noop` where no requests come"),
    );
}
