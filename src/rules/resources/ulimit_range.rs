//! Limits that Docker or the kernel cannot set.

use crate::diagnostic::{Finding, Severity};
use crate::rules::support::ulimits::each_limit;
use crate::rules::support::words::shown;
use crate::rules::{Check, DocumentCx, Level, On, Rule, Sink};
use crate::yaml::{Entry, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds limits in `ulimit` that are negative, unlimited where nothing can be, or too large.
    ///
    /// ## Why it matters
    ///
    /// -1 stands for no limit. Any other negative number becomes a huge positive one, which is no limit
    /// in fact. The number of open files cannot be unlimited at all: the kernel has a ceiling for it,
    /// and the container does not start. Neither does one with a limit of more than 64 bits.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   ulimit:
    ///     nofile: {soft: -1, hard: -1}
    ///     nproc: {soft: -100}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   ulimit:
    ///     nofile: {soft: 65536, hard: 65536}
    ///     nproc: {soft: 100}
    /// ```
    ///
    /// ## Source
    ///
    /// Docker's parser of `--ulimit` (go-units 0.3), which takes 64-bit integers; getrlimit(2) on
    /// `RLIMIT_NOFILE`.
    "ulimit-range" in Resources,
    level: Warning,
    also: &[Level::Error],
    on: On::keys(&["ulimit"]),
    check: Check::Document(check),
};

/// 2 to the 63rd: the first number that is no 64-bit integer.
const TOO_LARGE: f64 = 9_223_372_036_854_775_808.0;

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    each_limit(cx, |limit| {
        let number =
            |key| limit.value.get(key).and_then(|value: Value<'_>| Some((value, value.as_number()?.trunc())));
        let (soft, hard) = (number("soft"), number("hard"));
        // A negative soft limit above a hard one is too high first of all.
        let is_above =
            matches!((soft, hard), (Some((_, soft)), Some((_, hard))) if soft < 0.0 && hard >= 0.0);
        let soft_finding =
            soft.filter(|_| !is_above).and_then(|(value, number)| judge(cx, limit, "soft", value, number));
        // `soft: -1, hard: -1` is one mistake.
        let same = soft_finding.is_some() && soft.map(|soft| soft.1) == hard.map(|hard| hard.1);
        let hard_finding =
            hard.filter(|_| !same).and_then(|(value, number)| judge(cx, limit, "hard", value, number));
        for finding in [soft_finding, hard_finding].into_iter().flatten() {
            sink.report(finding);
        }
    });
}

#[expect(clippy::float_cmp, reason = "whole numbers")]
fn judge(cx: &DocumentCx<'_>, limit: Entry<'_>, key: &str, value: Value<'_>, number: f64) -> Option<Finding> {
    let name = limit.key.as_str().unwrap_or_default();
    let at = |message: String| cx.at(value.span(), message);
    if !number.is_finite() {
        return None;
    }
    if !(-TOO_LARGE..TOO_LARGE).contains(&number) {
        return Some(
            at(format!("the {key} limit of `{}` is too large", shown(name)))
                .label("more than 64 bits")
                .why("Docker refuses to start a container with such a limit")
                .help("write a smaller number, or -1 for no limit")
                .severity(Severity::Error),
        );
    }
    if name == "nofile" && number < 0.0 {
        return Some(
            at(format!("the {key} limit of open files cannot be {number}"))
                .label("the kernel has a ceiling for it")
                .why("the container does not start: no more files may be open than the kernel of the host allows")
                .help("write a number, such as 65536"),
        );
    }
    (number < 0.0 && number != -1.0).then(|| {
        at(format!("the {key} limit of `{}` is negative", shown(name)))
            .label("becomes a huge number")
            .why("no limit is written as -1; other negative numbers become huge positive ones, which limit nothing")
            .help("write the limit as a positive number, or -1 for none")
    })
}
