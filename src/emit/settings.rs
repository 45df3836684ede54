//! Every effective setting of an instance, also those that no payload holds.

use std::collections::BTreeMap;

use crate::dialect::Dialect;
use crate::effective::{Deployments, Forest, InstanceConfig, Namespace, ServiceConfig, deep_merge};
use crate::model::kind::FileKind;

use super::python::{Data, Dict, Value};
use super::{Context, Refusal, Subject, mapping};

mod interval;

pub use interval::interval_seconds;

/// A setting: its name as PaaSTA's code has it, and its value or why there is none.
pub type Setting<'s> = (&'static str, Result<Value<'s>, Refusal>);

/// How many instances a service is expected to have, by namespace ([`expected_instances`]).
pub type Expected<'s> = Result<BTreeMap<String, Value<'s>>, Refusal>;

/// The effective settings of an instance of any kind, sorted by name. `expected` is that of its
/// service in its cluster; only Marathon instances have a part in it.
pub fn settings<'s>(subject: &Subject<'_, 's>, expected: &Expected<'s>) -> Vec<Setting<'s>> {
    let mut settings = common(subject);
    match subject.config.kind() {
        FileKind::Chronos => settings.extend(of_job(subject)),
        FileKind::Adhoc => settings.extend(of_adhoc(subject)),
        _ => settings.extend(of_marathon(subject, expected)),
    }
    settings.sort_by_key(|(name, _)| *name);
    settings
}

fn null<'s>() -> Value<'s> {
    Value::default(Data::None)
}

fn empty<'s>() -> Vec<Value<'s>> {
    Vec::new()
}

fn common<'s>(subject: &Subject<'_, 's>) -> Vec<Setting<'s>> {
    let config = &subject.config;
    vec![
        ("args", subject.args()),
        ("branch", Ok(config.branch())),
        ("cmd", Ok(subject.cmd())),
        ("cpus", Ok(subject.cpus())),
        ("deploy_group", Ok(config.deploy_group())),
        ("disk", Ok(subject.disk())),
        ("extra_volumes", Ok(config.or("extra_volumes", empty()))),
        ("mem", Ok(subject.mem())),
        ("monitoring", Ok(config.or("monitoring", Dict::new()))),
        ("net", Ok(subject.net())),
        ("pool", Ok(config.or("pool", "default"))),
    ]
}

fn docker<'s>(subject: &Subject<'_, 's>) -> Vec<Setting<'s>> {
    vec![
        ("container_port", Ok(subject.container_port())),
        ("cpu_period", subject.cpu_period()),
        ("cpu_quota", subject.cpu_quota()),
        ("docker_parameters", subject.docker_parameters(true)),
        ("mem_swap", subject.mem_swap()),
        ("registrations", subject.config.registrations().map(Value::computed)),
    ]
}

fn of_adhoc<'s>(subject: &Subject<'_, 's>) -> Vec<Setting<'s>> {
    let mut settings = docker(subject);
    settings.push(("volumes", subject.volumes()));
    settings
}

/// Settings that Marathon instances and Chronos jobs share.
fn scheduled<'s>(subject: &Subject<'_, 's>) -> Vec<Setting<'s>> {
    let config = &subject.config;
    let reference = config.or("dependencies_reference", Data::None);
    let dependencies = config.get("dependencies").filter(|all| all.is_truthy());
    let referred = reference.as_str().and_then(|name| dependencies?.get(name));
    let firewall = config.get("security").and_then(|security| security.get("outbound_firewall"));
    vec![
        ("constraints", Ok(config.or("constraints", Data::None))),
        ("dependencies", Ok(referred.cloned().unwrap_or_else(null))),
        ("dependencies_reference", Ok(reference.clone())),
        ("extra_constraints", Ok(config.or("extra_constraints", empty()))),
        ("monitoring_blacklist", monitoring_blacklist(subject)),
        ("outbound_firewall", Ok(firewall.cloned().unwrap_or_else(null))),
    ]
}

/// Locations that replication checks do not look at.
pub(super) fn monitoring_blacklist<'s>(subject: &Subject<'_, 's>) -> Result<Value<'s>, Refusal> {
    let own = subject.config.get("monitoring_blacklist");
    if let Some(own) = own.filter(|_| subject.context.dialect.monitoring_blacklist_replaces) {
        return Ok(own.clone());
    }
    let own = subject.config.or("monitoring_blacklist", empty());
    let origin = own.origin;
    let Data::List(mut all) = own.data else {
        return Err(Refusal::new("TypeError", "`monitoring_blacklist` is not a list").at(origin));
    };
    all.extend(subject.blacklist()?);
    Ok(Value::new(Data::List(all), origin))
}

fn of_job<'s>(subject: &Subject<'_, 's>) -> Vec<Setting<'s>> {
    let config = &subject.config;
    let shell = subject.args().map(|args| Value::computed(!args.is_truthy()));
    let ok = || Value::computed(vec![Value::computed(true), Value::computed("")]);
    let valid = || Value::computed(vec![Value::computed(true), Value::computed(empty())]);
    let mut settings = scheduled(subject);
    settings.extend([
        ("bounce_method", Ok(config.or("bounce_method", "graceful"))),
        ("check_bounce_method", Ok(ok())),
        ("disabled", Ok(config.or("disabled", false))),
        ("epsilon", Ok(subject.epsilon())),
        ("owner", Ok(config.team())),
        ("parents", Ok(subject.parents())),
        ("retries", Ok(subject.retries())),
        ("schedule", Ok(subject.schedule())),
        (
            "schedule_interval_in_seconds",
            interval_seconds(&subject.schedule(), &subject.schedule_time_zone(), subject.context.now),
        ),
        ("schedule_time_zone", Ok(subject.schedule_time_zone())),
        ("shell", shell),
        ("validate", Ok(valid())),
    ]);
    settings
}

fn of_marathon<'s>(subject: &Subject<'_, 's>, expected: &Expected<'s>) -> Vec<Setting<'s>> {
    let config = &subject.config;
    let dialect = subject.context.dialect;
    let namespace = config.namespace(subject.forest, dialect);
    let of_namespace = |of: &dyn Fn(&Namespace<'s>) -> Result<Value<'s>, Refusal>| match &namespace {
        Ok(namespace) => of(namespace),
        Err(refusal) => Err(refusal.clone()),
    };
    let whitelist = subject.whitelist().map(Value::computed);
    let mut settings = docker(subject);
    settings.extend(scheduled(subject));
    settings.extend(counts(subject, expected));
    settings.extend([
        ("accepted_resource_roles", Ok(config.or("accepted_resource_roles", Data::None))),
        ("autoscaling_params", autoscaling(config)),
        ("backoff_factor", Ok(config.or("backoff_factor", 2))),
        ("backoff_seconds", subject.backoff_seconds()),
        ("bounce_health_params", of_namespace(&|ns| Ok(bounce_health(config, ns, dialect)))),
        ("bounce_margin_factor", Ok(config.or("bounce_margin_factor", 1.0))),
        ("bounce_method", Ok(config.or("bounce_method", "crossover"))),
        ("deploy_blacklist", subject.blacklist().map(Value::computed)),
        ("deploy_whitelist", whitelist),
        ("docker_registry", subject.docker_registry()),
        ("drain_method", of_namespace(&|ns| Ok(drain_method(config, ns)))),
        ("drain_method_params", of_namespace(&|ns| Ok(drain_params(config, ns)))),
        ("healthcheck_grace_period_seconds", Ok(config.or("healthcheck_grace_period_seconds", 60))),
        ("healthcheck_interval_seconds", Ok(config.or("healthcheck_interval_seconds", 10))),
        ("healthcheck_max_consecutive_failures", Ok(subject.max_consecutive_failures())),
        ("healthcheck_mode", of_namespace(&|ns| subject.healthcheck_mode(ns))),
        ("healthcheck_timeout_seconds", Ok(config.or("healthcheck_timeout_seconds", 10))),
        ("healthcheck_uri", of_namespace(&|ns| Ok(subject.healthcheck_uri(ns)))),
        ("healthchecks", of_namespace(&|ns| subject.health_checks(ns))),
        ("host_port", Ok(subject.host_port())),
        ("max_launch_delay_seconds", Ok(config.or("max_launch_delay_seconds", 300))),
        ("nerve_namespace", config.registration().map(|(_, namespace)| Value::computed(namespace))),
        ("proxy_port", proxy_port(subject)),
        ("replication_crit_percentage", Ok(config.or("replication_threshold", 50))),
        ("short_job_id", Ok(Value::computed(short_id(config)))),
        ("validate", Ok(Value::computed(empty()))),
    ]);
    settings
}

fn counts<'s>(subject: &Subject<'_, 's>, expected: &Expected<'s>) -> Vec<Setting<'s>> {
    vec![
        // As the files have it: deployments.json may stop an instance all the same.
        ("desired_instances", subject.instances()),
        ("expected_instance_count_for_namespace", subject.expected_instances(expected)),
        ("instances", subject.instances()),
        ("max_instances", Ok(subject.max_instances())),
        ("min_instances", Ok(subject.config.or("min_instances", 1))),
    ]
}

fn short_id(config: &InstanceConfig<'_>) -> String {
    format!("{}.{}", config.service_name().replace('_', "--"), config.name().replace('_', "--"))
}

/// How the autoscaler decides, with its defaults.
fn autoscaling<'s>(config: &InstanceConfig<'s>) -> Result<Value<'s>, Refusal> {
    let defaults = Dict::of([
        ("metrics_provider", Value::default("mesos_cpu")),
        ("decision_policy", Value::default("pid")),
        ("setpoint", Value::default(0.8)),
    ]);
    match config.get("autoscaling") {
        None => Ok(Value::default(defaults)),
        Some(Value { data: Data::Dict(own), origin }) => {
            Ok(Value::new(Data::Dict(deep_merge(defaults, own.clone())), *origin))
        }
        Some(other) => Err(Refusal::new("AttributeError", "`autoscaling` is not a mapping").at(other.origin)),
    }
}

/// What a bounce looks at before it calls a task healthy.
fn bounce_health<'s>(config: &InstanceConfig<'s>, namespace: &Namespace<'s>, dialect: &Dialect) -> Value<'s> {
    let default = || {
        let check = Dict::of([("check_haproxy", Value::default(true))]);
        Value::default(if namespace.is_in_smartstack() { check } else { Dict::new() })
    };
    let documented = config.get("bounce_method_params").filter(|_| dialect.bounce_method_params_are_read);
    match (config.get("bounce_health_params"), documented) {
        (Some(params), _) => params.clone(),
        (None, Some(Value { data: Data::Dict(own), origin })) => match default().data {
            Data::Dict(defaults) => Value::new(Data::Dict(deep_merge(defaults, own.clone())), *origin),
            data => Value::default(data),
        },
        (None, _) => default(),
    }
}

fn drain_method<'s>(config: &InstanceConfig<'s>, namespace: &Namespace<'s>) -> Value<'s> {
    config.or("drain_method", if namespace.is_in_smartstack() { "hacheck" } else { "noop" })
}

fn drain_params<'s>(config: &InstanceConfig<'s>, namespace: &Namespace<'s>) -> Value<'s> {
    let delay = || mapping([("delay", Value::default(60))]).data;
    config.or(
        "drain_method_params",
        if namespace.is_in_smartstack() { delay() } else { Data::Dict(Dict::new()) },
    )
}

/// The port of the namespace that it is registered in.
fn proxy_port<'s>(subject: &Subject<'_, 's>) -> Result<Value<'s>, Refusal> {
    let namespace = subject.config.registered_namespace(subject.forest, subject.context.dialect)?;
    Ok(namespace.values.get("proxy_port").cloned().unwrap_or_else(null))
}

impl<'s> Subject<'_, 's> {
    /// How many tasks the replication check expects: the sum over all Marathon instances of the
    /// service that register first in the namespace named like this instance, stopped or not.
    ///
    /// # Errors
    /// One of the service's Marathon instances cannot be loaded.
    pub fn expected_instances(&self, expected: &Expected<'s>) -> Result<Value<'s>, Refusal> {
        let all = expected.as_ref().map_err(Clone::clone)?;
        Ok(all.get(self.config.name()).cloned().unwrap_or_else(|| Value::computed(0)))
    }
}

/// The same for every namespace in which an instance of the service registers first.
///
/// # Errors
/// One of the service's Marathon instances cannot be loaded.
pub fn expected_instances<'s>(
    context: &Context<'_>,
    forest: &Forest<'s>,
    service: &'s ServiceConfig<'s>,
    deployments: &Deployments,
) -> Expected<'s> {
    let mut totals: BTreeMap<String, Total> = BTreeMap::new();
    for sibling in crate::effective::entries(service.service(), FileKind::Marathon, context.cluster) {
        let sibling = sibling?;
        let own = service.value(sibling.entry.value, sibling.document);
        let config = InstanceConfig::new(service, FileKind::Marathon, context.cluster, sibling.name, own)?;
        let branch = config.deployed(deployments);
        let branch = if context.placeholders { Ok(branch.unwrap_or_default()) } else { branch };
        let (_, namespace) = config.registration()?;
        let subject = Subject { context, forest, config, branch, is_placeholder: false };
        subject.deployed()?;
        totals.entry(namespace).or_default().add(&subject.instances()?);
    }
    Ok(totals.into_iter().map(|(name, total)| (name, Value::computed(total.into_data()))).collect())
}

/// A sum that stays an integer while all summands are.
#[derive(Default)]
struct Total {
    whole: i64,
    float: Option<f64>,
}

impl Total {
    fn add(&mut self, value: &Value<'_>) {
        #[expect(clippy::cast_precision_loss, reason = "Python converts to a float, too")]
        match (&value.data, self.float) {
            (Data::Int(number), None) => self.whole = self.whole.saturating_add(*number),
            (Data::Int(number), Some(sum)) => self.float = Some(sum + *number as f64),
            (Data::Float(number), sum) => self.float = Some(sum.unwrap_or(self.whole as f64) + number),
            (Data::Bool(true), None) => self.whole = self.whole.saturating_add(1),
            _ => {}
        }
    }

    fn into_data<'s>(self) -> Data<'s> {
        self.float.map_or(Data::Int(self.whole), Data::Float)
    }
}

/// What local-run uses when no instance is named and the service has no adhoc instance
/// `interactive`: nothing of the service counts then.
pub fn without_interactive<'s>(cluster: &str) -> Value<'s> {
    mapping([
        ("args", Value::default(empty())),
        ("branch_dict", Value::default(Dict::new())),
        ("cmd", null()),
        ("cpus", Value::default(4)),
        ("deploy_group", Value::default(format!("{cluster}.interactive"))),
        ("disk", Value::default(1024)),
        ("mem", Value::default(10_240)),
        ("net", Value::default("bridge")),
    ])
}

/// What local-run uses when no instance is named: the adhoc instance `interactive` where there is
/// one, with more of everything than other instances (`adhoc_tools:get_default_interactive_config`).
///
/// # Errors
/// What makes local-run raise.
pub fn interactive<'s>(subject: &Subject<'_, 's>) -> Result<Value<'s>, Refusal> {
    let config = &subject.config;
    let branch = subject.branch.as_ref().map(|branch| branch.values.clone()).unwrap_or_default();
    Ok(mapping([
        ("args", subject.args()?),
        ("branch_dict", Value::new(Data::Dict(branch), super::Origin::Deployments)),
        ("cmd", subject.cmd()),
        ("cpus", config.or("cpus", 4)),
        ("deploy_group", config.deploy_group()),
        ("disk", config.or("disk", 1024)),
        ("mem", config.or("mem", 10_240)),
        ("net", subject.net()),
    ]))
}
