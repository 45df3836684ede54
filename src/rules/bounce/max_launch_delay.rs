//! How long a failing instance waits.

use crate::model::kind::FileKind;
use crate::rules::{Check, InstanceCx, Located, On, Rule, Sink, Slot};

pub(crate) static RULE: Rule = rule! {
    /// Finds `max_launch_delay_seconds` that is 0, or more than an hour.
    ///
    /// ## Why it matters
    ///
    /// Marathon waits longer after each launch that fails, up to this. With 0 it does not wait at
    /// all: an image that cannot start is started over and over, on every host. With hours a fixed
    /// instance stays away long after its fix, and a bounce seems to hang.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   max_launch_delay_seconds: 0
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   max_launch_delay_seconds: 300
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `max_launch_delay_seconds`, 300 by default, as `maxLaunchDelaySeconds`
    /// of Marathon has it, where it is 3600.
    "max-launch-delay" in Bounce,
    level: Warning,
    on: On::kinds(&[FileKind::Marathon]),
    check: Check::Entry(Slot::known("max_launch_delay_seconds"), check),
};

/// Marathon's own default, in seconds.
const LONGEST: i64 = 3600;

fn check(cx: &InstanceCx<'_>, delay: &Located<'_>, sink: &mut Sink<'_>) {
    match delay.value.as_i64() {
        Some(0) => sink.report(
            cx.at_value(delay, "a task that cannot start is started again at once")
                .label("no wait at all")
                .why("an image that is broken is started over and over, on every host")
                .help("let Marathon wait for a while; 300 seconds are the default"),
        ),
        Some(seconds) if seconds > LONGEST => sink.report(
            cx.at_value(
                delay,
                format!("after failed launches Marathon waits for up to {} minutes", seconds / 60),
            )
            .label("more than an hour")
            .why("the instance stays away long after it was fixed, and a bounce seems to hang")
            .help("let it wait for an hour at most; 300 seconds are the default"),
        ),
        _ => {}
    }
}
