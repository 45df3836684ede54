//! The name of the instance that people start by hand.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances called `interactive` outside adhoc-*.yaml.
    ///
    /// ## Why it matters
    ///
    /// `paasta local-run --interactive` takes the settings of the adhoc instance of that name. A
    /// long-running instance or a job cannot have it without confusing whoever starts one by hand:
    /// the one that runs is not the one that is found.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// interactive:
    ///   instances: 1
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml adhoc-norcal-prod.yaml
    /// interactive:
    ///   mem: 2048
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of adhoc-*.yaml; paasta-tools 0.66.6
    /// `adhoc_tools:get_default_interactive_config`.
    "instance-name-reserved" in Names,
    level: Warning,
    on: On::kinds(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    if cx.instance.name != "interactive" {
        return;
    }
    sink.report(
        cx.at_name("the name `interactive` belongs to an adhoc instance")
            .label("taken by PaaSTA")
            .why("`paasta local-run --interactive` looks for the adhoc instance of that name, and not for this one")
            .help("choose another name, or move it to the adhoc file of the cluster"),
    );
}
