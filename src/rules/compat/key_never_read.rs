//! `bounce_method_params`.

use crate::diagnostic::Edit;
use crate::dialect::Dialect;
use crate::model::kind::FileKind;
use crate::rules::support::registered::marathon_instances;
use crate::rules::{Check, Fixable, InstanceCx, Located, On, Rule, ServiceCx, Sink};
use crate::yaml::edit;

pub(crate) static RULE: Rule = rule! {
    /// Finds `bounce_method_params`, which the documentation describes and paasta-tools 0.66 never reads.
    ///
    /// ## Why it matters
    ///
    /// The documentation calls the key `bounce_method_params`; the schema of paasta-tools 0.66 takes it;
    /// the code looks for `bounce_health_params`. So `check_haproxy` and `min_task_uptime` have no
    /// effect there: a task counts as healthy earlier, or later, than the file says. Said once for
    /// a service.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   bounce_method_params:
    ///     check_haproxy: true
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   bounce_health_params:
    ///     check_haproxy: true
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Unsafe: what had no effect in paasta-tools 0.66 gets one.
    ///
    /// ## Source
    ///
    /// The configuration reference; paasta-tools 0.66.6 `marathon_tools:get_bounce_health_params`.
    "key-never-read" in Compat,
    level: Warning,
    fix: Fixable::Sometimes,
    on: On::keys(&["bounce_method_params"]).within(&[FileKind::Marathon]),
    check: Check::Service(check),
};

const OLD: &str = "bounce_method_params";
const NEW: &str = "bounce_health_params";

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let all = marathon_instances(cx).filter_map(|instance| instance.own(OLD).map(|old| (instance, old)));
    let all: Vec<_> = all.collect();
    let Some((instance, old)) = all.first() else { return };
    let others = all.len() - 1;
    let also = match others {
        0 => String::new(),
        1 => " (and in another instance)".to_owned(),
        others => format!(" (and in {others} more instances)"),
    };
    report(cx.env.dialect, instance, old, &also, renamed(&all), sink);
}

fn report(
    dialect: &Dialect,
    cx: &InstanceCx<'_>,
    old: &Located<'_>,
    also: &str,
    edits: Option<Vec<Edit>>,
    sink: &mut Sink<'_>,
) {
    let finding = cx
        .at_key(old, format!("paasta-tools 0.66 never reads `{OLD}`{also}"))
        .label(if dialect.bounce_method_params_are_read { "fine by the documentation" } else { "no effect" })
        .why(format!("its code looks for `{NEW}`, so `check_haproxy` and `min_task_uptime` have no effect"))
        .help(format!("write `{NEW}`"))
        .identity(OLD);
    sink.report(finding.unsafe_fix(format!("write `{NEW}`"), edits));
}

/// The edits that give the key its new name wherever it stands; `None` where it cannot be everywhere,
/// or where it stands in several files, which one fix cannot change.
fn renamed(all: &[(InstanceCx<'_>, Located<'_>)]) -> Option<Vec<Edit>> {
    let (first, _) = all.first()?;
    let mut edits = Vec::with_capacity(all.len());
    for (cx, _) in all.iter().filter(|(_, old)| !old.key.is_alias()) {
        if !std::ptr::eq(cx.document, first.document) {
            return None;
        }
        let body = cx.instance.entry.value;
        edits.extend(edit::rename_key(body, body.entry(OLD)?, NEW)?);
    }
    Some(edits)
}
