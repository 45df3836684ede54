//! Health checks over TLS.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot};

pub(crate) static RULE: Rule = rule! {
    /// Finds `healthcheck_mode: https`, with which paasta-tools 0.66 cannot build the instance.
    ///
    /// ## Why it matters
    ///
    /// The documentation offers https, and `paasta validate` accepts it. But paasta-tools 0.66
    /// raises an error when it builds the Marathon app, so the instance is never deployed.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   healthcheck_mode: https
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   healthcheck_mode: tcp
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `healthcheck_mode`; paasta-tools 0.66.6
    /// `marathon_tools:MarathonServiceConfig.get_healthchecks`.
    "healthcheck-https" in Health,
    level: Warning (Paasta066: Error),
    on: On::kinds(&[FileKind::Marathon]),
    check: Check::Entry(Slot::known("healthcheck_mode"), check),
};

fn check(cx: &InstanceCx<'_>, mode: &Located<'_>, sink: &mut Sink<'_>) {
    if mode.value.as_str() != Some("https") {
        return;
    }
    sink.report(
        cx.at_value(mode, "paasta-tools 0.66 cannot build an instance with https health checks")
            .label("documented, but not implemented there")
            .why("the instance passes `paasta validate` and is then never deployed")
            .help("use `tcp`, or `cmd` with a command that asks over TLS"),
    );
}
