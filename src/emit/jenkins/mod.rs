//! A declarative Jenkins pipeline from deploy.yaml: its steps in order, gates where people decide,
//! and with each deploy group the instances that it deploys.
//!
//! Jenkins runs what is written here, so names from the file reach it only as Groovy strings
//! without interpolation, and the shell only as environment variables.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::effective::ServiceConfig;
use crate::emit::Refusal;
use crate::emit::python::{Data, Value};

mod facts;
mod groovy;
mod groups;

pub use facts::facts;

/// Steps that prepare a deployment, with the command that does them.
const PREPARING: [(&str, &str); 4] = [
    ("itest", "paasta itest --service \"$SERVICE\" --commit \"$COMMIT\""),
    ("security-check", "paasta security-check --service \"$SERVICE\" --commit \"$COMMIT\""),
    ("performance-check", "paasta performance-check --service \"$SERVICE\" --commit \"$COMMIT\""),
    ("push-to-registry", "paasta push-to-registry --service \"$SERVICE\" --commit \"$COMMIT\""),
];

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// One of PaaSTA's own commands.
    Prepare(&'static str),
    /// `command-<name>`: a command of the service itself.
    Command,
    /// Marks a commit for a deploy group.
    Deploy,
}

/// One step of the pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// As written: `itest`, `command-<name>`, or the name of a deploy group.
    pub name: String,
    /// What it does.
    pub action: Action,
    /// Whether somebody must start the next step.
    pub gate_after: bool,
    /// Whether it lasts until the deployment is done.
    pub waits: bool,
    /// What it deploys: `marathon-<cluster>.yaml` and the instance, in order.
    pub instances: Vec<Deployed>,
}

/// An instance that a deploy group deploys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deployed {
    /// Cluster that it runs in.
    pub cluster: String,
    /// `marathon`, `chronos`, `adhoc`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
}

/// A service's pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pipeline {
    /// Name of the service.
    pub service: String,
    /// Where its code is.
    pub git_url: String,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

impl Pipeline {
    /// The pipeline of a service; `None` if its deploy.yaml has none.
    ///
    /// # Errors
    /// A pipeline that PaaSTA cannot read.
    pub fn of(service: &ServiceConfig<'_>) -> Result<Option<Self>, Refusal> {
        let Some(deploy) = service.rarely_read("deploy").filter(Value::is_truthy) else { return Ok(None) };
        if deploy.as_dict().is_none() {
            return Err(Refusal::new("AttributeError", "deploy.yaml is not a mapping").at(deploy.origin));
        }
        let Some(steps) = deploy.get("pipeline").filter(|steps| steps.is_truthy()) else { return Ok(None) };
        let list = steps
            .as_list()
            .ok_or_else(|| Refusal::new("TypeError", "`pipeline` is not a list of steps").at(steps.origin))?;
        let groups = groups::by_group(service);
        let steps = list.iter().map(|step| self::step(step, &groups)).collect::<Result<_, _>>()?;
        Ok(Some(Self { service: service.name().to_owned(), git_url: git_url(service), steps }))
    }

    /// The Jenkinsfile.
    pub fn jenkinsfile(&self) -> String {
        let mut out = String::new();
        let _ =
            writeln!(out, "// How {} gets from a commit to its clusters.", groovy::comment(&self.service));
        let _ = writeln!(out, "// Written by soalint from deploy.yaml: change that, not this.");
        let _ = writeln!(out, "pipeline {{\n    agent any");
        let _ =
            writeln!(out, "    options {{\n        disableConcurrentBuilds()\n        timestamps()\n    }}");
        let _ = writeln!(out, "    environment {{");
        let _ = writeln!(out, "        SERVICE = {}", groovy::string(&self.service));
        let _ = writeln!(out, "        GIT_URL_OF_SERVICE = {}", groovy::string(&self.git_url));
        let _ = writeln!(out, "        COMMIT = \"${{env.GIT_COMMIT}}\"\n    }}\n    stages {{");
        let mut gate: Option<&str> = None;
        for step in &self.steps {
            write_stage(step, gate, &mut out);
            gate = step.gate_after.then_some(step.name.as_str());
        }
        out.push_str("    }\n}\n");
        out
    }
}

/// Where the code of the service is (`utils.py:get_git_url`).
fn git_url(service: &ServiceConfig<'_>) -> String {
    match service.get("git_url") {
        Some(Value { data: Data::Str(url), .. }) => url.clone().into_owned(),
        _ => format!("git@git.yelpcorp.com:services/{}.git", service.name()),
    }
}

fn step(step: &Value<'_>, groups: &BTreeMap<String, Vec<Deployed>>) -> Result<Step, Refusal> {
    let name = match step.get("step") {
        Some(name) => name
            .as_str()
            .ok_or_else(|| Refusal::new("TypeError", "the name of a step is not text").at(name.origin))?,
        None if step.as_dict().is_some() => {
            return Err(Refusal::new("KeyError", "a step of the pipeline has no `step`").at(step.origin));
        }
        None => {
            let help = "write each step as a mapping: `- step: itest`";
            return Err(Refusal::new("TypeError", "a step of the pipeline is not a mapping")
                .at(step.origin)
                .help(help));
        }
    };
    check_name(name).map_err(|refusal| refusal.at(step.get("step").unwrap_or(step).origin))?;
    let prepare = PREPARING.iter().find(|(known, _)| *known == name);
    let action = match prepare {
        Some((_, command)) => Action::Prepare(command),
        None if name.starts_with("command-") => Action::Command,
        None => Action::Deploy,
    };
    let is_set = |key: &str, default: bool| step.get(key).map_or(default, Value::is_truthy);
    let instances =
        if action == Action::Deploy { groups.get(name).cloned().unwrap_or_default() } else { Vec::new() };
    Ok(Step {
        name: name.to_owned(),
        action,
        gate_after: is_set("trigger_next_step_manually", false),
        waits: is_set("wait_for_deployment", true),
        instances,
    })
}

/// A deploy group becomes part of a git tag, a command an argument of make: neither takes everything.
fn check_name(name: &str) -> Result<(), Refusal> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let refuse = |message: String| {
        let help = "use letters, digits, `-`, `_` and `.`";
        Err(Refusal::new("ValueError", message).help(help))
    };
    if let Some(command) = name.strip_prefix("command-") {
        if command.is_empty() || !command.chars().all(allowed) || command.starts_with('-') {
            return refuse(format!("the step {name:?} names no command"));
        }
        return Ok(());
    }
    let in_tags = |c: char| !c.is_control() && !c.is_whitespace() && !"~^:?*[\\'\"$`;&|<>(){}#!".contains(c);
    if name.is_empty()
        || !name.chars().all(in_tags)
        || name.contains("..")
        || name.contains("@{")
        || name.contains("//")
    {
        return refuse(format!("the step {name:?} cannot be a deploy group: git has no tag of such a name"));
    }
    Ok(())
}

fn write_stage(step: &Step, gate: Option<&str>, out: &mut String) {
    let name = &step.name;
    let title = if step.action == Action::Deploy { format!("deploy {name}") } else { name.clone() };
    if let Some(before) = gate {
        let question = format!("{before} is done. Go on with {name}?");
        let _ = writeln!(out, "        stage({}) {{", groovy::string(&format!("gate before {name}")));
        let _ = writeln!(out, "            input {{\n                message {}", groovy::string(&question));
        let _ = writeln!(out, "            }}\n            steps {{");
        let _ =
            writeln!(out, "                echo {}", groovy::string(&format!("somebody let {name} go on")));
        out.push_str("            }\n        }\n");
    }
    let _ = writeln!(out, "        stage({}) {{", groovy::string(&title));
    for (cluster, names) in by_cluster(&step.instances) {
        let _ = writeln!(out, "            // {}: {}", groovy::comment(cluster), groovy::comment(&names));
    }
    if step.action == Action::Deploy && step.instances.is_empty() {
        out.push_str("            // No instance has this deploy group.\n");
    }
    match step.action {
        Action::Prepare(command) => write_steps(command, out),
        Action::Command => {
            let own = name.strip_prefix("command-").unwrap_or(name);
            let _ = writeln!(
                out,
                "            environment {{\n                COMMAND = {}\n            }}",
                groovy::string(own)
            );
            write_steps("make -- \"$COMMAND\"", out);
        }
        Action::Deploy => {
            let _ = writeln!(
                out,
                "            environment {{\n                DEPLOY_GROUP = {}\n            }}",
                groovy::string(name)
            );
            let mut command = String::from(
                "paasta mark-for-deployment --git-url \"$GIT_URL_OF_SERVICE\" --commit \"$COMMIT\" \
                 --deploy-group=\"$DEPLOY_GROUP\" --service \"$SERVICE\"",
            );
            if step.waits {
                command.push_str(" --wait-for-deployment");
            }
            write_steps(&command, out);
        }
    }
    out.push_str("        }\n");
}

fn write_steps(command: &str, out: &mut String) {
    let _ =
        writeln!(out, "            steps {{\n                sh {}\n            }}", groovy::string(command));
}

/// Clusters with the names of what is deployed there.
fn by_cluster(instances: &[Deployed]) -> BTreeMap<&str, String> {
    let mut clusters: BTreeMap<&str, String> = BTreeMap::new();
    for instance in instances {
        let names = clusters.entry(&instance.cluster).or_default();
        if !names.is_empty() {
            names.push_str(", ");
        }
        let _ = write!(names, "{} ({})", instance.name, instance.kind);
    }
    clusters
}
