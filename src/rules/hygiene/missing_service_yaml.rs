//! A service without facts about it.

use crate::model::kind::FileKind;
use crate::rules::{Blocks, Check, On, Rule, ServiceCx, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds services with instances and without a service.yaml.
    ///
    /// ## Why it matters
    ///
    /// `paasta info` shows the description, the link and the repository from there; without it nobody
    /// learns what the service is for, and its repository must have the default name. It is advice and
    /// off by default.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 2
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 2
    /// ```
    ///
    /// ```yaml service.yaml
    /// description: Resizes pictures
    /// external_link: https://example.com/resizer
    /// ```
    ///
    /// ## Source
    ///
    /// The configuration reference on service.yaml; paasta-tools 0.66.6 `cli.cmds.info`.
    "missing-service-yaml" in Hygiene,
    level: Info,
    blocks: Blocks::Nothing,
    on: On::kinds(&FileKind::WITH_INSTANCES),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    // Under a wrong name it has another finding.
    let is_there = cx.service.error.is_some()
        || ["service.yaml", "service.yml"].iter().any(|name| cx.service.has_entry(name));
    if is_there || cx.instances().next().is_none() {
        return;
    }
    sink.report(
        cx.at_place(cx.service.place(), "this service has instances, but no service.yaml")
            .why("`paasta info` cannot say what it is for, and its repository must have the default name")
            .help("add service.yaml with `description`, `external_link` and `git_url`")
            .identity("service.yaml"),
    );
}
