//! Locations that are patterns.

use crate::model::kind::FileKind;
use crate::rules::support::words::shown;
use crate::rules::{Check, InstanceCx, On, Rule, Sink};
use crate::yaml::{Kind, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds locations in `deploy_whitelist` and `deploy_blacklist` that are written as patterns.
    ///
    /// ## Why it matters
    ///
    /// Marathon compares them by pattern, but PaaSTA, which counts the hosts that are left, by name.
    /// With `uswest.*` it believes that no host is left, or that all are, and refuses to deploy or
    /// raises false alerts.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   deploy_whitelist: [region, ["uswest.*"]]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   deploy_whitelist: [region, [uswest1-prod, uswest2-prod]]
    /// ```
    ///
    /// ## Source
    ///
    /// paasta-tools 0.66.6 `mesos_tools:slave_passes_whitelist`, which compares by name, and
    /// `marathon_tools:get_calculated_constraints`, which joins the locations by `|`.
    "whitelist-regex" in Placement,
    level: Warning,
    supersedes: &["location-value-unknown"],
    on: On::keys(&["deploy_whitelist", "deploy_blacklist"]).within(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    for key in ["deploy_whitelist", "deploy_blacklist"] {
        let Some(list) = cx.set(key).filter(|list| list.value.kind() == Kind::Seq) else { continue };
        let places: Vec<Value<'_>> = if key == "deploy_whitelist" {
            let second = list.value.items().nth(1).filter(|places| places.kind() == Kind::Seq);
            second.into_iter().flat_map(Value::items).collect()
        } else {
            list.value
                .items()
                .filter(|pair| pair.kind() == Kind::Seq)
                .filter_map(|pair| pair.items().nth(1))
                .collect()
        };
        for place in places {
            let Some(name) = place.as_str() else { continue };
            let Some(wrong) = name.chars().find(|c| "|*+?[](){}^$\\".contains(*c)) else { continue };
            sink.report(
                cx.at_part(
                    &list,
                    place,
                    format!("`{}` is a pattern to Marathon and a name to PaaSTA", shown(name)),
                )
                .label(format!("`{wrong}` has a meaning in patterns"))
                .why("PaaSTA finds no location of that name, and counts the hosts that are left wrongly")
                .help("list the locations by their names"),
            );
        }
    }
}
