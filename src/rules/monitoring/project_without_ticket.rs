//! Projects without tickets.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::kind::FileKind;
use crate::rules::{Blocks, Check, InstanceCx, Located, On, Rule, ServiceCx, Sink};

use super::team_missing::{FILES, is_monitored, setting};

pub(crate) static RULE: Rule = rule! {
    /// Finds services with a `project` whose instances make no tickets.
    ///
    /// ## Why it matters
    ///
    /// `project` says where tickets go, and only `ticket: true` makes any. It is advice and off by
    /// default.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 2
    /// ```
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// project: SHOP
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   instances: 2
    /// ```
    ///
    /// ```yaml monitoring.yaml
    /// team: storefront
    /// ticket: true
    /// project: SHOP
    /// ```
    ///
    /// ## Source
    ///
    /// The configuration reference on `ticket`, which is false by default.
    "project-without-ticket" in Monitoring,
    level: Info,
    blocks: Blocks::Nothing,
    on: On::keys(&["monitoring", "project"]).within(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Service(check),
};

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    if !cx.service.knows(&FILES) {
        return;
    }
    let mut unused: BTreeMap<(String, Option<u32>), (InstanceCx<'_>, Located<'_>)> = BTreeMap::new();
    let mut used = BTreeSet::new();
    for instance in cx.instances().filter(is_monitored) {
        let Some(project) = setting(&instance, "project").filter(|project| !project.value.is_null()) else {
            continue;
        };
        let place = project.key_place();
        let key = (place.file.to_string(), place.span.map(|span| span.start));
        // `ticket` of another type has a finding of its own.
        let makes_none = setting(&instance, "ticket")
            .is_none_or(|t| t.value.is_null() || t.value.as_bool() == Some(false));
        if makes_none {
            unused.entry(key).or_insert((instance, project));
        } else {
            used.insert(key);
        }
    }
    for (key, (instance, project)) in unused {
        if !used.contains(&key) {
            sink.report(
                instance
                    .at_key(&project, "a `project` is named, but no tickets are asked for")
                    .label("no effect")
                    .why("tickets are made only with `ticket: true`")
                    .help("add `ticket: true`, or remove `project`"),
            );
        }
    }
}
