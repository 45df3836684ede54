//! A share of CPU that Docker refuses.

use crate::diagnostic::Severity;
use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, InstanceCx, Level, Located, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances whose CPU limit is below what Docker accepts.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA tells Docker how many microseconds of CPU time a container may use in each period:
    /// `cpus` times `cfs_period_us`, and `cpu_burst_pct` percent more. With the defaults 0.001 CPUs are
    /// 1000 microseconds, and Docker refuses to start a container with less.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpus: 0.0005
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   cpus: 0.05
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `utils:InstanceConfig.get_cpu_quota`; Docker 17: "CPU cfs quota can not be
    /// less than 1ms".
    "cpus-too-small" in Resources,
    level: Error,
    also: &[Level::Warning],
    // The payload says what was asked for; it is the host that refuses it.
    blocks: Blocks::Nothing,
    on: On::keys(&["cpus", "cfs_period_us", "cpu_burst_pct"]),
    check: Check::Instance(check),
};

/// What counts where a key is absent (paasta-behaviour.md section 4).
const CPUS: f64 = 0.25;
const PERIOD: f64 = 100_000.0;
const BURST: f64 = 900.0;

/// Least CPU time per period that Docker takes, in microseconds.
const LEAST: f64 = 1000.0;

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let cpus = cx.get("cpus");
    let Some(count) = number(cpus, CPUS) else { return };
    // No period in its range makes less than 1000 microseconds of a whole CPU.
    if count >= 1.0 {
        return;
    }
    let (period, burst) = (cx.get("cfs_period_us"), cx.get("cpu_burst_pct"));
    let (Some(length), Some(percent)) = (number(period, PERIOD), number(burst, BURST)) else { return };
    // Numbers out of their ranges are for the schema.
    if count <= 0.0 || !(1000.0..=1_000_000.0).contains(&length) || percent < 0.0 {
        return;
    }
    let quota = (count * length * (100.0 + percent) / 100.0).trunc();
    if quota >= LEAST {
        return;
    }
    let Some(at) = cpus.or(period).or(burst) else { return };
    let shown_key = at.key.as_str().unwrap_or_default();
    let mut finding = cx
        .at_value(
            &at,
            format!("`{shown_key}: {}` leaves the container too little CPU time", shown(at.value.raw())),
        )
        .help("raise it: with the defaults, `cpus` must be at least 0.001");
    for other in [period, burst].into_iter().flatten().filter(|other| other.key.id() != at.key.id()) {
        finding = finding.related(other.value_place(), "this counts, too");
    }
    // PaaSTA cuts the fraction off, and Docker takes 0 for no limit.
    sink.report(if quota == 0.0 {
        finding
            .label("0 microseconds per period: no limit at all")
            .why("Docker takes a limit of 0 for none, so the container may use every idle CPU")
            .severity(Severity::Warning)
    } else {
        finding
            .label(format!("{quota} microseconds per period, and 1000 is the least"))
            .why("Docker refuses to start the container")
    });
}

/// The number that counts; `None` where something else than a number stands.
fn number(located: Option<Located<'_>>, default: f64) -> Option<f64> {
    match located {
        Some(located) => located.value.as_number().filter(|number| number.is_finite()),
        None => Some(default),
    }
}
