//! Instances that no step deploys.

use std::collections::{BTreeMap, BTreeSet};

use super::deploy_group_interpolation_step::{has_field, interpolated};
use crate::rules::support::deploy_groups::{Group, Known, Pipeline, deploys};
use crate::rules::support::edits::offer;
use crate::rules::support::words::shown;
use crate::rules::{Blocks, Check, Fixable, InstanceCx, On, Rule, ServiceCx, Sink};
use crate::suggest;
use crate::yaml::{Kind, Value};

pub(crate) static RULE: Rule = rule! {
    /// Finds instances whose deploy group is no step of deploy.yaml.
    ///
    /// ## Why it matters
    ///
    /// A version reaches the instances of a deploy group when the pipeline comes to the step of
    /// that name. Without such a step the instance is never deployed, or stays at the version
    /// that it has. An instance without `deploy_group` is in the group `cluster.instance`.
    ///
    /// ## Example
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   deploy_group: prod.mian
    /// ```
    ///
    /// ```yaml deploy.yaml
    /// pipeline:
    ///   - step: itest
    ///   - step: push-to-registry
    ///   - step: prod.main
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml marathon-norcal-prod.yaml
    /// main:
    ///   deploy_group: prod.main
    /// ```
    ///
    /// ```yaml deploy.yaml
    /// pipeline:
    ///   - step: itest
    ///   - step: push-to-registry
    ///   - step: prod.main
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Unsafe: what was meant is a guess.
    ///
    /// ## Source
    ///
    /// The documentation of `deploy_group`; paasta-tools 0.66.6 `cli/cmds/check.py:deployments_check`.
    "deploy-group-missing-step" in Deploy,
    level: Error,
    blocks: Blocks::JenkinsAndSensu,
    fix: Fixable::Sometimes,
    on: On::keys(&["pipeline"]),
    check: Check::Service(check),
};

/// Searching names for what was meant costs time in the number of steps.
const MOST_SUGGESTIONS: usize = 20;

/// Instances of a group beyond the first that are shown.
const MOST_INSTANCES: usize = 5;

/// Steps without instances that are shown: one of them may be meant.
const MOST_STEPS: usize = 3;

/// An instance with its deploy group.
type Member<'c> = (&'c InstanceCx<'c>, &'c Group<'c>);

fn check(cx: &ServiceCx<'_>, sink: &mut Sink<'_>) {
    let Known::Present(pipeline) = cx.pipeline() else { return };
    if !pipeline.is_complete {
        return;
    }
    let steps: BTreeSet<&str> =
        pipeline.steps.iter().map(|(step, _)| *step).filter(|step| deploys(step)).collect();
    let templates: Vec<&str> =
        steps.iter().copied().filter(|step| has_field(step)).take(MOST_SUGGESTIONS).collect();
    let has_step = |instance: &InstanceCx<'_>, group: &Group<'_>| {
        // A step with a placeholder that was meant for this group is a finding of its own.
        let is_meant = |step: &&str| interpolated(instance, step).as_deref() == Some(&*group.name);
        steps.contains(&*group.name) || templates.iter().any(is_meant)
    };
    // An empty instance is a finding of its own.
    let is_written = |cx: &InstanceCx<'_>| {
        let value = cx.instance.entry.value;
        value.kind() == Kind::Map && !value.is_empty()
    };
    let written = || cx.groups().iter().filter(|(instance, _)| is_written(instance));
    let mut missing: BTreeMap<&str, Vec<Member<'_>>> = BTreeMap::new();
    for (instance, group) in written().filter(|(instance, group)| !has_step(instance, group)) {
        missing.entry(&*group.name).or_default().push((instance, group));
    }
    if missing.is_empty() {
        return;
    }
    let used = written().filter(|(instance, group)| has_step(instance, group));
    let used: BTreeSet<&str> = used.map(|(_, group)| &*group.name).collect();
    let idle = pipeline.steps.iter().filter(|(step, _)| deploys(step) && !used.contains(*step));
    let idle: Vec<(&str, Value<'_>)> = idle.take(MOST_STEPS).copied().collect();
    let none = BTreeSet::new();
    for (index, (name, members)) in missing.iter().enumerate() {
        let known = if index < MOST_SUGGESTIONS { &steps } else { &none };
        let near = suggest::nearest(name, idle.iter().map(|(step, _)| *step));
        let meant = |(step, _): &(&str, Value<'_>)| missing.len() == 1 || near == Some(*step);
        let idle: Vec<(&str, Value<'_>)> = idle.iter().copied().filter(meant).collect();
        report(name, members, (pipeline, &idle), known, sink);
    }
}

fn report(
    name: &str,
    members: &[Member<'_>],
    (pipeline, idle): (&Pipeline<'_>, &[(&str, Value<'_>)]),
    steps: &BTreeSet<&str>,
    sink: &mut Sink<'_>,
) {
    let Some(((instance, group), others)) = members.split_first() else { return };
    let file = pipeline.document.name();
    let mut finding = match &group.written {
        Some(located) => instance
            .at_value(located, format!("the deploy group `{}` is no step of {file}", shown(name)))
            .label("no step of that name"),
        None => instance
            .at_name(format!("the deploy group `{}` is no step of {file}", shown(name)))
            .label("in this group, since it names none")
            .absent(&["deploy_group"]),
    };
    for (other, group) in others.iter().take(MOST_INSTANCES) {
        let place = match &group.written {
            Some(located) => located.value_place(),
            None => other.document.place(other.instance.entry.key.span()),
        };
        finding = finding.related(place, format!("`{}` is in it, too", shown(other.instance.name)));
    }
    for (step, value) in idle {
        let place = pipeline.document.place(value.span());
        finding = finding.related(place, format!("no instance is in `{}`", shown(step)));
    }
    let meant = suggest::nearest(name, steps.iter().copied());
    let help = match (meant, &group.written) {
        (Some(step), _) => format!("did you mean `{}`?", shown(step)),
        (None, Some(_)) => format!("add a step `{}`, or use a group that has one", shown(name)),
        (None, None) => format!("add a step `{}`, or set `deploy_group` to one that exists", shown(name)),
    };
    let finding = finding
        .why("no step of the pipeline deploys the instance, so new versions never reach it")
        .help(help)
        .identity(name);
    // Others that are in the group are in it by their own text.
    let meant = meant.filter(|_| group.written.is_some() && others.is_empty());
    sink.report(offer(finding, name, meant));
}
