//! Limits with a fraction.

use crate::diagnostic::Edit;
use crate::rules::support::ulimits::each_limit;
use crate::rules::support::words::shown;
use crate::rules::{Check, DocumentCx, Fixable, On, Rule, Sink};
use crate::yaml::Style;

pub(crate) static RULE: Rule = rule! {
    /// Finds limits in `ulimit` that are no whole numbers.
    ///
    /// ## Why it matters
    ///
    /// PaaSTA cuts the fraction off without a word: `1.9` becomes 1.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   ulimit:
    ///     nofile: {soft: 1024.5}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   ulimit:
    ///     nofile: {soft: 1024}
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Writing the number that PaaSTA uses is safe.
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `utils:InstanceConfig.get_ulimit`, which formats with `%i`.
    "ulimit-fraction" in Resources,
    level: Warning,
    fix: Fixable::Sometimes,
    on: On::keys(&["ulimit"]),
    check: Check::Document(check),
};

/// Numbers below this are whole in a float to the last digit.
const EXACT: f64 = 9_007_199_254_740_992.0;

fn check(cx: &DocumentCx<'_>, sink: &mut Sink<'_>) {
    each_limit(cx, |limit| {
        for key in ["soft", "hard"] {
            let Some(value) = limit.value.get(key) else { continue };
            let Some(number) = value.as_f64().filter(|number| number.is_finite() && number.fract() != 0.0)
            else {
                continue;
            };
            let name = shown(limit.key.as_str().unwrap_or_default());
            let finding = cx.at(value.span(), format!("the {key} limit of `{name}` has a fraction"));
            let finding = if number.abs() < EXACT {
                // Adding zero turns -0.0 into 0.0.
                let whole = format!("{:.0}", number.trunc() + 0.0);
                let finding = finding.label(format!("{whole} is what counts")).help(format!("write {whole}"));
                if value.style() == Style::Plain && !value.is_alias() {
                    finding.safe_fix(format!("write {whole}"), vec![Edit { span: value.span(), text: whole }])
                } else {
                    finding
                }
            } else {
                finding.help("write a whole number")
            };
            sink.report(finding.why("PaaSTA cuts the fraction off without a word"));
        }
    });
}
