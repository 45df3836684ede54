//! What PaaSTA itself reads from deploy.yaml (`deploy_tools`, `cli/cmds/check.py`).

use std::collections::BTreeMap;

use crate::effective::ServiceConfig;
use crate::emit::Refusal;
use crate::emit::python::{Data, Dict, Value};

use super::{Action, Pipeline, groups};

/// The pipeline as PaaSTA sees it: steps, those that deploy, deploy groups in use.
///
/// # Errors
/// A pipeline that PaaSTA cannot read.
pub fn facts<'s>(service: &ServiceConfig<'s>) -> Result<Value<'s>, Refusal> {
    let pipeline = Pipeline::of(service)?;
    let steps = pipeline.as_ref().map_or(&[][..], |pipeline| &pipeline.steps);
    let names = |wanted: &dyn Fn(&super::Step) -> bool| {
        let names = steps.iter().filter(|step| wanted(step)).map(|step| Value::computed(step.name.clone()));
        Value::computed(names.collect::<Vec<_>>())
    };
    let has = |name: &str| Value::computed(steps.iter().any(|step| step.name == name));
    let written = service.rarely_read("deploy").and_then(|deploy| deploy.get("pipeline").cloned());
    let by_group = groups::by_group(service);
    let used = by_group.keys().map(|group| Value::computed(group.clone())).collect::<Vec<_>>();
    let mut files: BTreeMap<String, Dict<'_>> = BTreeMap::new();
    for (group, instances) in &by_group {
        for instance in instances {
            let file = files.entry(format!("{}-{}", instance.kind, instance.cluster)).or_default();
            file.push(Data::from(instance.name.clone()), Value::computed(group.clone()));
        }
    }
    let mut by_instance = Dict::new();
    for (file, instances) in files {
        by_instance.push(Data::from(file), Value::computed(instances));
    }
    let git_url = super::git_url(service);
    Ok(Value::computed(Dict::of([
        ("pipeline", written.unwrap_or_else(|| Value::default(Vec::new()))),
        ("steps", names(&|_| true)),
        ("deploy_steps", names(&|step| step.action == Action::Deploy)),
        ("deploy_groups", Value::computed(used)),
        ("by_instance", Value::computed(by_instance)),
        ("deploy_has_security_check", has("security-check")),
        ("deploy_has_performance_check", has("performance-check")),
        ("git_url", Value::computed(git_url)),
    ])))
}
