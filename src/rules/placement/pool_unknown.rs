//! Pools that the site does not have.

use crate::model::kind::FileKind;
use crate::rules::support::words::shown;
use crate::rules::{Check, Fixable, InstanceCx, Located, On, Rule, Sink, Slot};
use crate::suggest;

pub(crate) static RULE: Rule = rule! {
    /// Finds a `pool` that is not among the pools of the site.
    ///
    /// ## Why it matters
    ///
    /// Tasks run only on hosts of their pool. If there is none, they wait for ever, and nothing
    /// says so.
    ///
    /// The rule needs `site: {pools: [..]}` in `.soalint.yaml` and is silent without it.
    ///
    /// ## Example
    ///
    /// ```config
    /// site: {pools: [default, highmem]}
    /// ```
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   pool: higmem
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```config
    /// site: {pools: [default, highmem]}
    /// ```
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   pool: highmem
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Unsafe: what was meant is a guess.
    ///
    /// ## Source
    ///
    /// The documentation of `pool`: "there must exist some Mesos slaves that already exist with
    /// that particular pool attribute".
    "pool-unknown" in Placement,
    level: Warning,
    fix: Fixable::Sometimes,
    on: On::kinds(&[FileKind::Marathon, FileKind::Chronos]),
    check: Check::Entry(Slot::known("pool"), check),
};

fn check(cx: &InstanceCx<'_>, located: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(pools) = &cx.env.settings.site.pools else { return };
    // With explicit constraints the pool does not count.
    if cx.set("constraints").is_some() {
        return;
    }
    let Some(pool) = located.value.as_str().filter(|pool| !pools.iter().any(|known| known == pool)) else {
        return;
    };
    let meant = suggest::nearest(pool, pools.iter().map(String::as_str));
    let help = match meant {
        Some(meant) => format!("did you mean `{}`?", shown(meant)),
        None => "use a pool of the site, or add this one to `site.pools` in .soalint.yaml".to_owned(),
    };
    let finding = cx
        .at_value(located, format!("the site has no pool `{}`", shown(pool)))
        .label("no host is in this pool")
        .why("tasks wait for ever for a host of the pool")
        .help(help);
    sink.report(crate::rules::support::edits::offer(finding, pool, meant));
}
