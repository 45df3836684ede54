//! Constraints on what no host has.

use crate::model::kind::FileKind;
use crate::rules::support::constraints;
use crate::rules::support::words::shown;
use crate::rules::{Check, InstanceCx, On, Rule, Sink};
use crate::suggest;

pub(crate) static RULE: Rule = rule! {
    /// Finds constraints on a field that is no attribute of the site's hosts.
    ///
    /// ## Why it matters
    ///
    /// Marathon takes no host that lacks the attribute, so no task ever starts; only `UNLIKE` takes
    /// every host then, and keeps nothing away.
    ///
    /// The rule needs `site: {agent-attributes: [..]}` in `.soalint.yaml` and is silent without it.
    /// `hostname` and `pool` and the location types of the site need not be listed.
    ///
    /// ## Example
    ///
    /// ```config
    /// site: {agent-attributes: [instance_type, habitat, region]}
    /// ```
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_constraints: [[instance-type, UNLIKE, 't2\..*']]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```config
    /// site: {agent-attributes: [instance_type, habitat, region]}
    /// ```
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   extra_constraints: [[instance_type, UNLIKE, 't2\..*']]
    /// ```
    ///
    /// ## Source
    ///
    /// Marathon's documentation of constraints: a field is `hostname` or an attribute of the agents.
    "constraint-field-unknown" in Placement,
    level: Warning,
    on: On::keys(&["constraints", "extra_constraints"]).within(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let site = &cx.env.settings.site;
    let Some(attributes) = &site.agent_attributes else { return };
    let types = site.location_types.as_deref().unwrap_or_default();
    for list in constraints::lists(cx) {
        for constraint in list.constraints() {
            let Some(field) = constraint.item.items().next() else { continue };
            let Some(name) = field.as_str().filter(|name| !matches!(*name, "hostname" | "pool")) else {
                continue;
            };
            let mut known = attributes.iter().chain(types).map(String::as_str);
            if known.clone().any(|known| known == name) {
                continue;
            }
            let help = match suggest::nearest(name, known.by_ref()) {
                Some(meant) => format!("did you mean `{}`?", shown(meant)),
                None => {
                    "use an attribute of the hosts, or add it to `site.agent-attributes` in .soalint.yaml"
                        .to_owned()
                }
            };
            sink.report(
                cx.at_part(
                    &list.located,
                    field,
                    format!("no host of the site has an attribute `{}`", shown(name)),
                )
                .label("unknown attribute")
                .why(match constraint.operator {
                    Some("UNLIKE") => "without the attribute every host is taken, so nothing is kept away",
                    _ => "without the attribute no host is taken, so no task ever starts",
                })
                .help(help),
            );
        }
    }
}
