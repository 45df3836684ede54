//! `soalint emit nerve|synapse|haproxy|sensu|jenkins`: what belongs to a host or a service.

use std::io::Write;
use std::mem::ManuallyDrop;

use rayon::prelude::*;

use crate::check::{self, CheckedTree, PayloadKind, Scope};
use crate::effective::{Forest, ServiceConfig};
use crate::emit::python::{Data, Dict, Value, write_json};
use crate::emit::smartstack::compile::Tree as Smartstack;
use crate::emit::smartstack::{haproxy, nerve, services, synapse};
use crate::emit::{Form, Held, Payload, Refusal, jenkins, sensu};
use crate::model::kind::FileKind;
use crate::repo::{Service, ServiceName, TreeSource as _};
use crate::report::Style;
use crate::rules::Env;

use super::args::{EmitArgs, FormArg, Global, JsonOrYaml, KindArg};
use super::output::{Output, Text};
use super::target::{Clusters, Selected, Target};
use super::tree::Tree;
use super::{Error, Exit, terminal};

/// What was compiled: payloads by name, or whole files (name, extension, text).
#[derive(Default)]
struct Compiled {
    payloads: Vec<Payload<'static>>,
    /// Payloads of several clusters, by cluster.
    clusters: Vec<(String, Vec<Payload<'static>>)>,
    files: Vec<(String, &'static str, String)>,
    held: Held,
}

pub(super) fn wrong_form() -> Error {
    Error::usage("only synapse has this form", "use --form target or --form paasta")
}

pub(super) fn run(global: &Global, args: &EmitArgs, out: &mut dyn Write) -> Result<Exit, Error> {
    let is_list = !matches!(args.form, FormArg::Target | FormArg::Paasta);
    if is_list && args.kind != KindArg::Synapse {
        return Err(wrong_form());
    }
    if is_list && args.format.is_some() {
        return Err(Error::usage("this form has a format of its own", "leave out --format"));
    }
    let tree = Tree::open(global.soa_dir.as_deref())?;
    let selected = Selected::of(&args.selectors, &tree)?;
    super::orientation::warn_unless_tree(&tree, &selected.scope());
    let target = Target::of(&args.target)?;
    let env = Env::new(super::configuration::load(global, &tree)?.unweakened());
    super::use_threads(global);
    // Ports and proxies of SmartStack are the business of the whole tree.
    let scope = match args.kind {
        KindArg::Sensu | KindArg::Jenkins => selected.scope(),
        _ => Scope::Everything,
    };
    // The process ends after this: giving all trees back piece by piece would take as long as compiling them.
    let checked = ManuallyDrop::new(check::check_and_keep(&tree.disk, &scope, &env));
    let forest = checked.forest();
    let job = Job {
        global,
        args,
        tree: &tree,
        target: &target,
        env: &env,
        checked: &checked,
        forest: &forest,
        selected: &selected,
    };
    let compiled = job.compile()?;
    let in_clusters: usize = compiled.clusters.iter().map(|(_, payloads)| payloads.len()).sum();
    let count = (compiled.payloads.len() + in_clusters).max(compiled.files.len());
    job.write(&compiled, out)?;
    let style = Style {
        root: crate::repo::printable(tree.root.as_os_str()),
        prefix: tree.prefix(),
        dialect: env.settings.dialect,
        ..terminal::error_style(global)
    };
    let is_withheld = !compiled.held.withheld.is_empty();
    super::emit::say_withheld(compiled.held, count, &style)?;
    Ok(match checked.outcome().internal_error {
        true => Exit::Failure,
        false if is_withheld => Exit::Findings,
        false => Exit::Clean,
    })
}

struct Job<'a> {
    global: &'a Global,
    args: &'a EmitArgs,
    tree: &'a Tree,
    target: &'a Target,
    env: &'a Env,
    checked: &'a CheckedTree,
    forest: &'a Forest<'a>,
    selected: &'a Selected,
}

impl Job<'_> {
    fn form(&self) -> Form {
        if self.args.form == FormArg::Paasta { Form::Paasta } else { Form::Target }
    }

    /// Whether the whole file is wanted, as it is installed.
    fn is_whole(&self) -> bool {
        self.args.format.is_none() && self.form() == Form::Target
    }

    fn keeps(&self, service: &str) -> bool {
        self.selected.has_service(service)
    }

    fn smartstack(&self) -> Smartstack<'_> {
        Smartstack {
            checked: self.checked,
            forest: self.forest,
            dialect: self.env.settings.dialect.dialect(),
        }
    }

    fn compile(&self) -> Result<Compiled, Error> {
        match self.args.kind {
            KindArg::Nerve => self.nerve(),
            KindArg::Synapse if self.args.form == FormArg::Paasta => {
                let (payloads, held) = self.smartstack().namespaces(&|service| self.keeps(service));
                Ok(Compiled { payloads, held, ..Compiled::default() })
            }
            KindArg::Synapse if self.args.form != FormArg::Target => Ok(self.services_file()),
            KindArg::Synapse => self.synapse(),
            KindArg::Haproxy => self.haproxy(),
            KindArg::Sensu => self.sensu(),
            _ => Ok(self.jenkins()),
        }
    }

    fn node(&self) -> Result<nerve::Node, Error> {
        let node = super::node::node(&self.args.node, self.tree, &self.env.settings, &self.target.system)?;
        if !self.global.quiet {
            super::node::say_assumptions(&node);
        }
        Ok(node)
    }

    fn nerve(&self) -> Result<Compiled, Error> {
        let clusters = Clusters::of(self.args, self.target, self.checked)?;
        let cluster = clusters.only()?;
        self.selected.check_names(self.checked, &[FileKind::Marathon], &[cluster])?;
        let node = self.node()?;
        let wanted = |service: &str, instance: &str| self.selected.wants(service, instance);
        let (payloads, held) = self.smartstack().nerve(cluster, &node, self.form(), &wanted);
        if !self.is_whole() {
            return Ok(Compiled { payloads, held, ..Compiled::default() });
        }
        let mut services = Dict::new();
        for payload in payloads {
            let Data::Dict(registered) = payload.value.data else { continue };
            for entry in registered.into_entries() {
                services.push(entry.key, entry.value);
            }
        }
        Ok(Compiled {
            files: vec![whole("nerve.conf", &nerve::configuration(services, &node))?],
            held,
            ..Compiled::default()
        })
    }

    fn synapse(&self) -> Result<Compiled, Error> {
        let node = self.node()?;
        let (fleet, held) =
            self.smartstack().fleet(PayloadKind::Synapse, &node.locations, &|service| self.keeps(service));
        if self.is_whole() {
            let value = synapse::configuration(&fleet.listeners, &node.zookeeper);
            return Ok(Compiled { files: vec![whole("synapse.conf", &value)?], held, ..Compiled::default() });
        }
        let payload = |listener: &crate::emit::smartstack::listener::Listener| {
            let mut watchers = Dict::new();
            for (name, watcher) in synapse::watchers(listener, &node.zookeeper) {
                watchers.insert(name, watcher);
            }
            Payload { name: listener.name.clone(), value: Value::computed(watchers), is_placeholder: false }
        };
        Ok(Compiled { payloads: fleet.listeners.iter().map(payload).collect(), held, ..Compiled::default() })
    }

    fn haproxy(&self) -> Result<Compiled, Error> {
        let node = self.node()?;
        let servers = super::node::servers(&self.args.node)?;
        let (fleet, held) =
            self.smartstack().fleet(PayloadKind::Haproxy, &node.locations, &|service| self.keeps(service));
        if self.args.format.is_none() {
            let text = haproxy::configuration(&fleet.listeners, &servers);
            return Ok(Compiled {
                files: vec![("haproxy".to_owned(), "cfg", text)],
                held,
                ..Compiled::default()
            });
        }
        let sections = |listener| Value::computed(haproxy::sections(listener, &servers));
        let payloads = fleet.listeners.iter().filter(|listener| listener.port.is_some()).map(|listener| {
            Payload { name: listener.name.clone(), value: sections(listener), is_placeholder: false }
        });
        Ok(Compiled { payloads: payloads.collect(), held, ..Compiled::default() })
    }

    /// The lists of ports for other programs. A service that cannot be read is left out.
    fn services_file(&self) -> Compiled {
        let mut held = Held::default();
        let mut configs: Vec<ServiceConfig<'_>> = Vec::new();
        let mut refuse = |service: &Service, refusal: &Refusal| {
            held.refuse_at(self.forest, service.place(), (&service.name, ""), refusal);
        };
        for service in self.checked.services().iter().filter(|service| self.keeps(&service.name)) {
            match self.forest.config(&service.name) {
                // Each alone first: one that has no place in the list must not cost the others theirs.
                Some(Ok(config)) => match self.list(std::slice::from_ref(&config)) {
                    Ok(_) => configs.push(config),
                    Err(refusal) => refuse(service, &refusal),
                },
                Some(Err(refusal)) => refuse(service, &refusal),
                None => {}
            }
        }
        let mut files = Vec::new();
        if let Ok((extension, text)) = self.list(&configs) {
            files.push(("services".to_owned(), extension, text));
        }
        held.settle();
        Compiled { files, held, ..Compiled::default() }
    }

    fn list(&self, configs: &[ServiceConfig<'_>]) -> Result<(&'static str, String), Refusal> {
        Ok(match self.args.form {
            FormArg::ServicesJson => ("json", services::json(configs)?),
            FormArg::ServicesYaml => {
                // As Python's isoformat has it: six digits of a second, or none.
                let digits = if self.target.now.subsec_nanosecond() == 0 {
                    "%Y-%m-%dT%H:%M:%S"
                } else {
                    "%Y-%m-%dT%H:%M:%S.%6f"
                };
                let now = self.target.now.strftime(digits).to_string();
                ("yaml", services::yaml_file(configs, &now, &self.args.node.node_name)?)
            }
            FormArg::Fact => ("txt", services::fact(configs)?),
            _ => ("txt", services::rfc1700(configs, |service| self.port_file(service))?),
        })
    }

    fn port_file(&self, service: &str) -> Option<String> {
        let bytes = self.tree.disk.read(&ServiceName::new(service.to_owned().into()), "port")?.ok()?;
        String::from_utf8(bytes).ok()
    }

    fn sensu(&self) -> Result<Compiled, Error> {
        let clusters = Clusters::of(self.args, self.target, self.checked)?;
        let names: Vec<&str> = clusters.names().iter().map(String::as_str).collect();
        self.selected.check_names(self.checked, &[FileKind::Marathon, FileKind::Chronos], &names)?;
        if !self.global.quiet {
            self.target.say_assumptions(self.checked, clusters.names());
        }
        let state = super::node::state(&self.args.node)?;
        let mut compiled = Compiled::default();
        for cluster in clusters.names() {
            let (payloads, mut held) = self.sensu_of(cluster, &state);
            if clusters.is_several() {
                held.name_cluster(cluster);
                compiled.clusters.push((cluster.clone(), payloads));
            } else {
                compiled.payloads = payloads;
            }
            compiled.held.append(held);
        }
        compiled.held.settle();
        Ok(compiled)
    }

    fn sensu_of(&self, cluster: &str, state: &sensu::State) -> (Vec<Payload<'static>>, Held) {
        let context = self.target.context(&self.env.settings, cluster, self.form() == Form::Paasta);
        let of_service = |service: &Service| {
            let deployments = super::emit::deployments(self.tree, service);
            let wanted = |instance: &str| self.selected.includes(&service.name, instance);
            sensu::compile(
                (self.checked, self.forest, service),
                &context,
                &deployments,
                state,
                self.form(),
                &wanted,
            )
        };
        let (mut sent, mut refused): (Vec<Payload<'static>>, Held) = Default::default();
        let all: Vec<(Vec<Payload<'static>>, Held)> =
            self.checked.services().par_iter().map(of_service).collect();
        for (payloads, held) in all {
            sent.extend(payloads);
            refused.append(held);
        }
        (sent, refused)
    }

    fn jenkins(&self) -> Compiled {
        let mut compiled = Compiled::default();
        for service in self.checked.services() {
            let reasons = self.checked.service_errors(service, PayloadKind::Jenkins, "");
            if !reasons.is_empty() {
                compiled.held.add_named(service.name.clone(), &reasons);
                continue;
            }
            let Some(config) = self.forest.config(&service.name) else { continue };
            let built = config.and_then(|config| {
                let facts = jenkins::facts(&config)?;
                Ok(jenkins::Pipeline::of(&config)?
                    .map(|pipeline| (pipeline, crate::emit::convert::owned(&facts))))
            });
            match built {
                Ok(None) => {}
                Ok(Some((pipeline, facts))) => {
                    if self.is_whole() {
                        compiled.files.push((service.name.clone(), "jenkinsfile", pipeline.jenkinsfile()));
                        continue;
                    }
                    let value = match self.form() {
                        Form::Target => Value::computed(pipeline.jenkinsfile()),
                        Form::Paasta => facts,
                    };
                    compiled.payloads.push(Payload {
                        name: service.name.clone(),
                        value,
                        is_placeholder: false,
                    });
                }
                Err(refusal) => {
                    compiled.held.refuse_at(self.forest, service.place(), (&service.name, ""), &refusal);
                }
            }
        }
        compiled.held.settle();
        compiled
    }

    fn write(&self, compiled: &Compiled, out: &mut dyn Write) -> Result<(), Error> {
        let format = self.args.format.unwrap_or(JsonOrYaml::Json);
        let mut output = match &self.args.output_dir {
            Some(directory) => Output::directory(directory, format)?,
            None => Output::stream(out, format),
        };
        let is_directory = self.args.output_dir.is_some();
        if self.is_whole() && self.args.kind != KindArg::Sensu || !compiled.files.is_empty() {
            for (index, (name, extension, text)) in compiled.files.iter().enumerate() {
                if index > 0 && !is_directory {
                    super::until_closed(output.write_whole("", "", "\n"))?;
                }
                super::until_closed(output.write_whole(name, extension, text))?;
            }
            return Ok(());
        }
        write_all(&compiled.payloads, &mut output)?;
        for (cluster, payloads) in &compiled.clusters {
            output.begin_cluster(cluster)?;
            write_all(payloads, &mut output)?;
        }
        super::until_closed(output.finish())?;
        Ok(())
    }
}

fn write_all(payloads: &[Payload<'_>], output: &mut Output<'_>) -> Result<(), Error> {
    let layout = output.layout();
    for payload in payloads {
        let text = Text::of(payload, layout)
            .map_err(|refusal| Error::usage(format!("`{}`: {}", payload.name, refusal.message), ""))?;
        super::until_closed(output.write(&text))?;
    }
    Ok(())
}

/// A value as a whole JSON file.
fn whole(name: &str, value: &Value<'_>) -> Result<(String, &'static str, String), Error> {
    let mut text = String::new();
    write_json(value, 0, &mut text)
        .map_err(|error| Error::usage(format!("`{name}.json` cannot be written: {error}"), ""))?;
    text.push('\n');
    Ok((name.to_owned(), "json", text))
}
