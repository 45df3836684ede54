//! Registrations with another service.

use crate::model::kind::FileKind;
use crate::rules::support::registered;
use crate::rules::support::words::shown;
use crate::rules::{Check, InstanceCx, Level, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances whose first registration belongs to another service.
    ///
    /// ## Why it matters
    ///
    /// The documentation says that the namespace of the other service then counts. paasta-tools
    /// 0.66 registers the tasks there, but takes health check, location type and draining from
    /// the namespace of that name in the instance's own service: most often there is none, and
    /// the tasks run without a health check.
    ///
    /// ## Example
    ///
    /// ```yaml shadow/marathon-norcal-prod.yaml
    /// main:
    ///   registrations: [search.main]
    /// ```
    ///
    /// ```yaml search/smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml search/marathon-norcal-prod.yaml
    /// shadow:
    ///   registrations: [search.main]
    /// ```
    ///
    /// ```yaml search/smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    /// ```
    ///
    /// ## Source
    ///
    /// The documentation of `registrations`; paasta-tools 0.66.6
    /// `marathon_tools:MarathonServiceConfig.format_marathon_app_dict`.
    "registration-foreign" in Smartstack,
    level: Off (Paasta066: Warning),
    also: &[Level::Info],
    on: On::keys(&["registrations"]).within(&[FileKind::Marathon]),
    check: Check::Instance(check),
};

fn check(cx: &InstanceCx<'_>, sink: &mut Sink<'_>) {
    let Some(first) = registered::first(cx).filter(|first| first.service != cx.service.name) else { return };
    let Some((located, item)) = &first.written else { return };
    sink.report(
        cx.at_part(located, *item, format!("`{}` is another service", shown(first.service)))
            .label("its health check does not come with it")
            .why(format!(
                "paasta-tools 0.66 takes health check, location type and draining from the namespace `{}` of this \
                 service, not of `{}`",
                shown(first.namespace),
                shown(first.service),
            ))
            .help("put the instance into the other service, or set `healthcheck_mode` here"),
    );
}
